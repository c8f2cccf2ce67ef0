import { ok, type Result } from 'neverthrow';
import type { Instant } from './instant.ts';
import { invalid, type ValidationError } from './validation-error.ts';

/** A half-open interval `[start, end)`: neighbours that touch do not overlap. */
export interface TimeRange {
  readonly start: Instant;
  readonly end: Instant;
}

export const MINUTE = 60_000;

export const timeRange = (
  start: Instant,
  end: Instant,
  field = 'endsAt',
): Result<TimeRange, ValidationError> =>
  start.isBefore(end) ? ok({ start, end }) : invalid(field, 'must be after the start');

export const overlaps = (a: TimeRange, b: TimeRange): boolean =>
  a.start.isBefore(b.end) && b.start.isBefore(a.end);

export const durationInMinutes = (range: TimeRange): number =>
  (range.end.epochMilliseconds - range.start.epochMilliseconds) / MINUTE;
