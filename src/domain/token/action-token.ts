import { ok, Result } from 'neverthrow';
import { parseBookingId, type BookingId, type IdInput } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { Instant, type InstantInput } from '../shared/instant.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';

/** What a token is to stand for. Exactly one of `expiresAt` and `ttlMs`. */
export interface NewActionToken {
  /** What may be done with it: lower-case letters, digits, `_` and `.`, 64 at most. */
  readonly action: string;
  readonly bookingId?: IdInput<BookingId>;
  /** Whatever else the action needs to know; plain data of 4,096 bytes as JSON at most. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly expiresAt?: InstantInput;
  /** Milliseconds from now. */
  readonly ttlMs?: number;
}

/** A validated {@link NewActionToken}. */
export interface ActionTokenDraft {
  readonly action: string;
  readonly bookingId: BookingId | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: Instant;
}

/** A token as it is kept: everything but the token itself, of which only a hash is there. */
export interface ActionToken extends ActionTokenDraft {
  readonly id: number;
  readonly issuedAt: Instant;
  readonly usedAt: Instant | undefined;
}

const MAX_DATA_BYTES = 4_096;
/** A century: further ahead is a mistake, and perhaps no instant. */
const LONGEST_MS = 100 * 366 * 24 * 60 * 60 * 1000;

export const draftToken = (input: NewActionToken, now: Instant): Result<ActionTokenDraft, ValidationError> =>
  parseObject(input, 'token')
    .andThen(({ action, bookingId, data, expiresAt, ttlMs }) =>
      Result.combine([
        parseAction(action),
        bookingId === undefined ? ok(undefined) : parseBookingId(bookingId),
        parseData(data),
        parseEnd(expiresAt, ttlMs, now),
      ]),
    )
    .map(([action, bookingId, data, expiresAt]) => ({ action, bookingId, data, expiresAt }));

export const parseAction = (action: string): Result<string, ValidationError> =>
  typeof action === 'string' && /^[a-z][a-z0-9_.]{0,63}$/.test(action)
    ? ok(action)
    : invalid('action', 'must be lower-case letters, digits, underscores and dots, at most 64');

function parseEnd(
  expiresAt: InstantInput | undefined,
  ttlMs: number | undefined,
  now: Instant,
): Result<Instant, ValidationError> {
  if ((expiresAt === undefined) === (ttlMs === undefined))
    return invalid('expiresAt', 'or ttlMs must be given, and not both');
  if (expiresAt !== undefined)
    return Instant.parse(expiresAt, 'expiresAt').andThen((end) =>
      end.isAfter(now) ? ok(end) : invalid('expiresAt', 'must be later than now'),
    );
  return typeof ttlMs === 'number' && Number.isSafeInteger(ttlMs) && ttlMs > 0 && ttlMs <= LONGEST_MS
    ? ok(now.plus(ttlMs))
    : invalid('ttlMs', 'must be a positive integer, a century at most');
}

/** A copy as JSON keeps it: nothing in it may be what the database could not keep or give back. */
function parseData(
  data: Readonly<Record<string, unknown>> = {},
): Result<Readonly<Record<string, unknown>>, ValidationError> {
  return parseObject(data, 'data').andThen((given) => {
    try {
      const text = JSON.stringify(given, (name, value: unknown) => {
        if (!storable(name) || !storable(value)) throw new TypeError();
        return value;
      });
      return new TextEncoder().encode(text).length <= MAX_DATA_BYTES
        ? ok(Object.freeze(JSON.parse(text) as Readonly<Record<string, unknown>>))
        : invalid('data', `must have at most ${MAX_DATA_BYTES} bytes as JSON`);
    } catch {
      return invalid('data', 'must be plain data of well-formed text without NUL, numbers and the like');
    }
  });
}

const storable = (value: unknown): boolean =>
  typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'));
