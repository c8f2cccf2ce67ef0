import { ok, type Result } from 'neverthrow';
import { Temporal } from 'temporal-polyfill';
import { invalid, type ValidationError } from './validation-error.ts';

/** A point in time as callers give it. A string needs an offset: a local time without a zone is not an instant. */
export type InstantInput = Date | string | { readonly epochMilliseconds: number };

/** Years 0001 to 9999: what PostgreSQL, JSON and people read the same way. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** An immutable point in time with millisecond resolution; safe to share between readers of a cache. */
export class Instant {
  readonly epochMilliseconds: number;

  private constructor(epochMilliseconds: number) {
    this.epochMilliseconds = epochMilliseconds;
    Object.freeze(this);
  }

  /** For values that are known to be good: clocks, stored records. Fractions of a millisecond are cut off. */
  static fromEpochMilliseconds(epochMilliseconds: number): Instant {
    return new Instant(Math.floor(epochMilliseconds));
  }

  /** Reads a `Date`, an ISO 8601 string with an offset, or anything with `epochMilliseconds`. */
  static parse(input: InstantInput, field = 'instant'): Result<Instant, ValidationError> {
    const milliseconds = toMilliseconds(input);
    if (milliseconds === undefined || !Number.isFinite(milliseconds))
      return invalid(field, 'must be a Date, an ISO 8601 string with an offset, or an instant');
    if (milliseconds < EARLIEST || milliseconds > LATEST)
      return invalid(field, 'must lie in the years 1 to 9999');
    return ok(new Instant(Math.floor(milliseconds)));
  }

  /** Fractions of a millisecond are cut off here too, or a stored instant would differ from the one in memory. */
  plus(milliseconds: number): Instant {
    return Instant.fromEpochMilliseconds(this.epochMilliseconds + milliseconds);
  }

  isBefore(other: Instant): boolean {
    return this.epochMilliseconds < other.epochMilliseconds;
  }

  isAfter(other: Instant): boolean {
    return this.epochMilliseconds > other.epochMilliseconds;
  }

  equals(other: Instant): boolean {
    return this.epochMilliseconds === other.epochMilliseconds;
  }

  toDate(): Date {
    return new Date(this.epochMilliseconds);
  }

  /** ISO 8601 in UTC. */
  toJSON(): string {
    return this.toDate().toISOString();
  }

  toString(): string {
    return this.toJSON();
  }

  toZonedDateTime(timeZone: string): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(this.epochMilliseconds).toZonedDateTimeISO(timeZone);
  }
}

/** Like `Instant.parse`, for a field that may be left out. */
export const parseOptionalInstant = (
  input: InstantInput | undefined,
  field: string,
): Result<Instant | undefined, ValidationError> =>
  input === undefined ? ok(undefined) : Instant.parse(input, field);

function toMilliseconds(input: InstantInput): number | undefined {
  try {
    return read(input);
  } catch {
    // Text that is no instant; or an object that does not let itself be read.
    return undefined;
  }
}

function read(input: InstantInput): number | undefined {
  if (input instanceof Date) return input.getTime();
  if (typeof input === 'string') return Temporal.Instant.from(input).epochMilliseconds;
  const value: unknown = (input as { readonly epochMilliseconds?: unknown } | null | undefined)
    ?.epochMilliseconds;
  return typeof value === 'number' ? value : undefined;
}
