import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from './validation-error.ts';

/** The compiler sees to this for TypeScript callers; here for those who call from JavaScript. */
export const parseObject = <T extends object>(input: T, field: string): Result<T, ValidationError> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? ok(input)
    : invalid(field, 'must be an object');

/** Whether something new is in use; it is when nothing is said. */
export function parseActive(input: boolean | undefined): Result<boolean, ValidationError> {
  if (input === undefined) return ok(true);
  return typeof input === 'boolean' ? ok(input) : invalid('active', 'must be true or false');
}
