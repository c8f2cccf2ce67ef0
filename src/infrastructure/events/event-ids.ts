import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

/** Which events are meant; all there are when nothing is said. */
export function parseEventIds(
  ids: readonly number[] | undefined,
): Result<readonly number[] | undefined, ValidationError> {
  if (ids === undefined) return ok(undefined);
  if (!Array.isArray(ids)) return invalid('ids', 'must be an array');
  const wrong = ids.findIndex((id) => !Number.isSafeInteger(id) || id <= 0);
  return wrong === -1 ? ok(ids as readonly number[]) : invalid(`ids[${wrong}]`, 'must be a positive integer');
}
