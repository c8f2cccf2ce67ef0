import { ok, type Result } from 'neverthrow';
import type { TooEarly } from '../../domain/booking/booking-errors.ts';
import { bookingOutcomes, type BookingOutcome } from '../../domain/booking/booking-state.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import { actsFor, forbidden, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { Accepted, AppliedMove } from './applied-transition.ts';

/** What became of an interview, who says so and when. */
export interface Outcome extends Accepted {
  readonly outcome: BookingOutcome;
}

export type OutcomeRefused = Forbidden | InvalidTransition | TooEarly;

/** What an outcome makes of a slot and its booking; `undefined` when it was recorded before. */
export function decideOutcome(
  before: Standing,
  { outcome, ...accepted }: Outcome,
): Result<AppliedMove | undefined, OutcomeRefused> {
  const { slot, booking } = before;
  if (!actsFor(accepted.actor, 'recruiter', slot.recruiterId))
    return fail(forbidden('recordOutcome', accepted.actor));
  if (booking.outcome === outcome) return ok(undefined);
  if (booking.outcome !== undefined)
    return fail({ type: 'InvalidTransition', command: 'recordOutcome', from: 'completed', to: 'completed' });
  const command = booking.state === 'completed' ? 'recordOutcome' : 'complete';
  return moveBooking(command, before, { ...accepted, outcome }).andThen(
    (after): Result<AppliedMove, TooEarly> =>
      slot.startsAt.isAfter(accepted.at)
        ? fail({ type: 'TooEarly', opensAt: slot.startsAt })
        : ok({ ...accepted, command, before, after }),
  );
}

export const parseOutcome = (input: BookingOutcome): Result<BookingOutcome, ValidationError> =>
  bookingOutcomes.includes(input)
    ? ok(input)
    : invalid('outcome', `must be one of ${bookingOutcomes.join(', ')}`);
