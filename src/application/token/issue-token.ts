import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { validationError } from '../../domain/shared/validation-error.ts';
import { draftToken, type NewActionToken } from '../../domain/token/action-token.ts';
import type { TransactionError } from '../ports/unit-of-work.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from '../use-case.ts';

export interface IssuedToken {
  /** 43 characters that may stand in a link as they are. Nobody can read it again: only its hash is kept. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** There is no key for this one: what a key remembers is stored, and a token must not be. */
export type IssueTokenOptions = Omit<UseCaseOptions, 'idempotencyKey'>;

export type IssueTokenError = BookingNotFound | RepositoryError | TransactionError;

/** Issues a token that lets whoever has it do one thing, once, until it expires by the database's clock. */
export const issueToken =
  (context: UseCaseContext) =>
  (token: NewActionToken, options: IssueTokenOptions = {}): ResultAsync<IssuedToken, IssueTokenError> =>
    inUnitOfWork(context, options, (uow) =>
      safeTry<IssuedToken, IssueTokenError>(async function* () {
        if ('idempotencyKey' in options && options.idempotencyKey !== undefined)
          return err(validationError('idempotencyKey', 'would store the token, which is told only once'));
        const now = yield* uow.now();
        const draft = yield* draftToken(token, now);
        return uow.tokens.issue(draft, now).map((issued) => ({ token: issued, expiresAt: draft.expiresAt }));
      }),
    );
