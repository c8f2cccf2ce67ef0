import { ok, Result } from 'neverthrow';
import { Instant, type InstantInput } from './instant.ts';
import { invalid, type ValidationError } from './validation-error.ts';

const MAX_VALUES = 1_000;

/**
 * Values of which a row must have one. An empty list is refused: whether it stands for nothing or for everything, half of
 * its readers would guess wrong.
 */
export const parseSome = <Given, T>(
  values: readonly Given[] | undefined,
  field: string,
  parse: (value: Given, field: string) => Result<T, ValidationError>,
): Result<readonly T[] | undefined, ValidationError> => {
  if (values === undefined) return ok(undefined);
  if (!Array.isArray(values) || values.length === 0 || values.length > MAX_VALUES)
    return invalid(field, `must have 1 to ${MAX_VALUES} values, or be left out`);
  return Result.combine(
    Array.from(values as readonly Given[], (value, index) => parse(value, `${field}[${index}]`)),
  );
};

export const parseOneOf =
  <T extends string>(allowed: readonly T[]) =>
  (value: T, field: string): Result<T, ValidationError> =>
    allowed.includes(value) ? ok(value) : invalid(field, `must be one of ${allowed.join(', ')}`);

/** Something that may be left out. */
export const parseOptional = <Given, T>(
  value: Given | undefined,
  parse: (value: Given) => Result<T, ValidationError>,
): Result<T | undefined, ValidationError> => (value === undefined ? ok(undefined) : parse(value));

/** A stretch of time `[from, until)`, open at either end. */
export interface Period {
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
}

export const parsePeriod = ({
  from,
  until,
}: {
  readonly from?: InstantInput | undefined;
  readonly until?: InstantInput | undefined;
}): Result<Period, ValidationError> =>
  Result.combine([
    parseOptional(from, (given) => Instant.parse(given, 'from')),
    parseOptional(until, (given) => Instant.parse(given, 'until')),
  ]).andThen(([start, end]) =>
    start === undefined || end === undefined || start.isBefore(end)
      ? ok({ from: start, until: end })
      : invalid('until', 'must be after from'),
  );

/** Whether something that lasts from `startsAt` to `endsAt` has a part in the period. */
export const overlapsPeriod = (
  { startsAt, endsAt }: { readonly startsAt: Instant; readonly endsAt: Instant },
  { from, until }: Period,
): boolean =>
  (from === undefined || endsAt.isAfter(from)) && (until === undefined || startsAt.isBefore(until));
