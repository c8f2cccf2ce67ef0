import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from './validation-error.ts';

/** Longest texts, in Unicode code points; the database checks the same numbers. */
export const textLimits = {
  name: 200,
  reason: 1000,
  comment: 1000,
  username: 64,
  phone: 32,
  purpose: 64,
  templateKey: 64,
  locale: 35,
  templateBody: 10_000,
  correlationId: 200,
  idempotencyKey: 200,
} as const;

/**
 * Text from outside, kept exactly as it came. Refused: blank text, more than `max` code points, and what PostgreSQL or
 * PGlite could not store and return unchanged: a NUL character, a lone surrogate, a byte order mark in front.
 */
export function parseText(input: string, field: string, max: number): Result<string, ValidationError> {
  if (typeof input !== 'string') return invalid(field, 'must be text');
  if (input.trim() === '') return invalid(field, 'must not be empty');
  // A text of n code points has at most 2n UTF-16 units: cheap refusal before counting a huge one.
  if (input.length > max * 2 || [...input].length > max)
    return invalid(field, `must have at most ${max} characters`);
  if (input.includes('\0') || !input.isWellFormed())
    return invalid(field, 'must be well-formed Unicode without NUL');
  if (input.startsWith('\uFEFF')) return invalid(field, 'must not begin with a byte order mark');
  return ok(input);
}

/** Like {@link parseText}, for a field that may be left out. */
export const parseOptionalText = (
  input: string | undefined,
  field: string,
  max: number,
): Result<string | undefined, ValidationError> =>
  input === undefined ? ok(undefined) : parseText(input, field, max);
