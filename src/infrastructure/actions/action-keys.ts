import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

/** A secret that signs actions. */
export interface ActionKey {
  /** Goes along with what it has signed: 0 to 255. */
  readonly id: number;
  /** At least 32 characters or bytes that nobody can guess; kept out of the code. */
  readonly secret: string | Uint8Array;
}

const SHORTEST_SECRET = 32;

/** The first key signs, all of them are accepted: to rotate, put a new one in front and drop the last one later. */
export function parseActionKeys(
  keys: readonly ActionKey[],
): Result<readonly [ActionKey, ...ActionKey[]], ValidationError> {
  if (!Array.isArray(keys) || keys.length === 0) return invalid('keys', 'must be a list of at least one key');
  for (const [index, key] of (keys as readonly Partial<ActionKey>[]).entries()) {
    const { id, secret } = key ?? {};
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) > 255)
      return invalid(`keys[${index}].id`, 'must be an integer from 0 to 255');
    if (!(typeof secret === 'string' || secret instanceof Uint8Array) || secret.length < SHORTEST_SECRET)
      return invalid(`keys[${index}].secret`, `must have at least ${SHORTEST_SECRET} characters or bytes`);
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    return invalid('keys', 'must have ids of their own');
  return ok(keys as unknown as readonly [ActionKey, ...ActionKey[]]);
}
