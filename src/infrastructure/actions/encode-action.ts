import { ok, Result } from 'neverthrow';
import { fail } from '../../domain/shared/fail.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { ActionTooLong } from '../../domain/token/action-data-errors.ts';
import { actionToBytes, LATEST_END_SECONDS, type ActionData } from './action-bytes.ts';
import { parseActionKeys, type ActionKey } from './action-keys.ts';
import { sign } from './signature.ts';

/** What a button is to stand for; see {@link ActionData}. */
export interface NewActionData extends Omit<ActionData, 'expiresAt'> {
  readonly expiresAt?: InstantInput;
}

export interface EncodeActionOptions {
  readonly keys: readonly ActionKey[];
  /** Whose button it is, say a Telegram id: whoever else presses it gets `ActionTampered`. Anybody's when left out. */
  readonly boundTo?: string;
}

/** Telegram's limit for the data of a button. */
const LIMIT = 64;

/**
 * Signed text of 64 bytes at most for a button, which nobody can change or make up. It is not secret, and it may be used
 * more than once; for what may happen once, issue a token.
 *
 * Answers `ActionTooLong` when it does not fit: with a short action and an id of seven digits, 28 bytes are left for
 * a payload and an end.
 */
export const encodeAction = (
  data: NewActionData,
  options: EncodeActionOptions,
): Result<string, ValidationError | ActionTooLong> =>
  Result.combine([parseData(data), parseObject(options, 'options')]).andThen(([parsed, { keys, boundTo }]) =>
    Result.combine([parseActionKeys(keys), parseBoundTo(boundTo)]).andThen(([[key], whose]) => {
      const content = actionToBytes(key.id, parsed);
      const text = Buffer.concat([content, sign(key, content, whose)]).toString('base64url');
      return text.length <= LIMIT
        ? ok(text)
        : fail({ type: 'ActionTooLong', bytes: text.length, limit: LIMIT });
    }),
  );

export const parseBoundTo = (boundTo = ''): Result<string, ValidationError> =>
  typeof boundTo === 'string' ? ok(boundTo) : invalid('boundTo', 'must be text');

const parseData = (input: NewActionData): Result<ActionData, ValidationError> =>
  parseObject(input, 'data').andThen(
    ({ action, id, payload, expiresAt }): Result<ActionData, ValidationError> => {
      if (typeof action !== 'string' || !/^[a-z0-9_-]{1,15}$/.test(action))
        return invalid('action', 'must be 1 to 15 lower-case letters, digits, underscores and hyphens');
      if (!Number.isSafeInteger(id) || id < 0) return invalid('id', 'must be a whole number from 0 on');
      if (payload !== undefined && (typeof payload !== 'string' || !payload.isWellFormed()))
        return invalid('payload', 'must be well-formed text');
      const carried = payload === undefined || payload === '' ? {} : { payload };
      if (expiresAt === undefined) return ok({ action, id, ...carried });
      return Instant.parse(expiresAt, 'expiresAt').andThen((end) => {
        const seconds = end.epochMilliseconds / 1000;
        return seconds >= 0 && seconds <= LATEST_END_SECONDS
          ? ok({ action, id, ...carried, expiresAt: end })
          : invalid('expiresAt', 'must lie between 1970 and 2106');
      });
    },
  );
