import { ok, safeTry, type ResultAsync } from 'neverthrow';
import { fail } from '../../domain/shared/fail.ts';
import type { BookingId } from '../../domain/shared/id.ts';
import { parseObject } from '../../domain/shared/input.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import { parseAction } from '../../domain/token/action-token.ts';
import type {
  TokenExpired,
  TokenMismatch,
  TokenNotFound,
  TokenUsed,
} from '../../domain/token/token-errors.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface RedeemToken {
  /** What the bearer wants to do. */
  readonly action: string;
}

/** What a token stood for. */
export interface RedeemedToken {
  readonly action: string;
  readonly bookingId?: BookingId;
  readonly data: Readonly<Record<string, unknown>>;
  readonly issuedAt: Instant;
}

export type RedeemTokenError = TokenNotFound | TokenUsed | TokenExpired | TokenMismatch | CommandError;

/**
 * Uses a token up and answers what it stood for, to one of any number who try at once. Do with the same unit of work what
 * the token is for: when that is rolled back, the token has not been used.
 */
export const redeemToken =
  (context: UseCaseContext) =>
  (
    token: string,
    command: RedeemToken,
    options: UseCaseOptions = {},
  ): ResultAsync<RedeemedToken, RedeemTokenError> =>
    runCommand(context, options, { name: 'tokens.redeem', input: { token, command } }, (uow) =>
      safeTry<RedeemedToken, RedeemTokenError>(async function* () {
        const wanted = yield* parseObject(command, 'command').andThen(({ action }) => parseAction(action));
        const { id, action, bookingId, data, issuedAt, expiresAt, usedAt } = yield* uow.tokens.lock(token);
        if (action !== wanted) return fail({ type: 'TokenMismatch', action: wanted });
        if (usedAt !== undefined) return fail({ type: 'TokenUsed', usedAt });
        const now = yield* uow.now();
        if (!expiresAt.isAfter(now)) return fail({ type: 'TokenExpired', expiredAt: expiresAt });
        yield* uow.tokens.markUsed(id, now);
        return ok({ action, ...(bookingId === undefined ? {} : { bookingId }), data, issuedAt });
      }),
    );
