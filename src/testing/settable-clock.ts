import type { Clock } from '../application/ports/clock.ts';
import { Instant, type InstantInput } from '../domain/shared/instant.ts';

/** A clock that stands still until a test moves it. */
export interface SettableClock extends Clock {
  /** Moves the clock to this instant, forwards or backwards; throws a `RangeError` when it is not one. */
  set(input: InstantInput): void;
  /** Moves the clock by this many milliseconds. */
  advance(milliseconds: number): void;
}

/** A Monday morning: far enough ahead that no test data is in the past. */
const START = '2030-01-07T09:00:00Z';

/** Creates a clock that shows `initial`, or 2030-01-07T09:00:00Z; throws a `RangeError` when that is no instant. */
export function settableClock(initial: InstantInput = START): SettableClock {
  let current = instantOf(initial);
  return {
    now: () => current,
    set: (input) => {
      current = instantOf(input);
    },
    advance: (milliseconds) => {
      current = current.plus(milliseconds);
    },
  };
}

function instantOf(input: InstantInput): Instant {
  return Instant.parse(input).match(
    (instant) => instant,
    ({ field, message }) => {
      throw new RangeError(`${field} ${message}`);
    },
  );
}
