import { ok, Result } from 'neverthrow';
import { fail } from '../../domain/shared/fail.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type {
  ActionExpired,
  ActionTampered,
  UnknownActionKey,
} from '../../domain/token/action-data-errors.ts';
import { systemClock } from '../config/system-clock.ts';
import { actionFromBytes, keyIdOf, type ActionData } from './action-bytes.ts';
import { parseActionKeys } from './action-keys.ts';
import { parseBoundTo, type EncodeActionOptions } from './encode-action.ts';
import { isSignedBy, SIGNATURE_BYTES } from './signature.ts';

export interface DecodeActionOptions extends EncodeActionOptions {
  /** The process's own clock when left out. */
  readonly now?: InstantInput;
}

export type DecodeActionError = ValidationError | ActionTampered | ActionExpired | UnknownActionKey;

const tampered: ActionTampered = { type: 'ActionTampered' };

/** Reads what `encodeAction` has made; any key of `keys` may have signed it. Whatever else comes is `ActionTampered`. */
export const decodeAction = (
  text: string,
  options: DecodeActionOptions,
): Result<ActionData, DecodeActionError> =>
  parseObject(options, 'options').andThen(({ keys, boundTo, now = systemClock.now() }) =>
    Result.combine([parseActionKeys(keys), parseBoundTo(boundTo), Instant.parse(now, 'now')]).andThen(
      ([known, whose, at]): Result<ActionData, DecodeActionError> => {
        const bytes = bytesOf(text);
        const keyId = bytes === undefined ? undefined : keyIdOf(bytes);
        if (bytes === undefined || keyId === undefined) return fail(tampered);
        const key = known.find(({ id }) => id === keyId);
        if (key === undefined) return fail({ type: 'UnknownActionKey', keyId });
        const end = bytes.length - SIGNATURE_BYTES;
        const content = bytes.subarray(0, end);
        if (!isSignedBy(key, content, whose, bytes.subarray(end))) return fail(tampered);
        const data = actionFromBytes(content);
        const { expiresAt } = data;
        return expiresAt === undefined || expiresAt.isAfter(at)
          ? ok(data)
          : fail({ type: 'ActionExpired', expiredAt: expiresAt });
      },
    ),
  );

/** Only the one spelling that `encodeAction` uses, so that one action is one text. */
function bytesOf(text: string): Buffer | undefined {
  if (typeof text !== 'string' || text.length > 64) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text && bytes.length > SIGNATURE_BYTES ? bytes : undefined;
}
