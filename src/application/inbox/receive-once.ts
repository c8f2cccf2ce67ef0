import { ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { parseUpdate, type IncomingUpdate, type UpdateKeys } from '../../domain/inbox/incoming-update.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { TransactionError, UnitOfWork } from '../ports/unit-of-work.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from '../use-case.ts';

/** What became of an update: it was worked on, or it had been before. */
export type Received<T> = { readonly duplicate: false; readonly value: T } | { readonly duplicate: true };

export type ReceiveOptions = Omit<UseCaseOptions, 'idempotencyKey'>;

/**
 * Runs `work` once for each update of the outside world, however often it is delivered: the commit of what it writes also
 * writes the update down. A delivery that comes meanwhile waits for the first and is a duplicate, unless that fails. An
 * `Err` or a throw of `work` undoes everything, and the next delivery runs it again.
 *
 * What `work` does outside of the unit of work is not undone, and may be done again. Without a `correlationId` the update
 * itself is it, as `telegram:815`. Costs one insert.
 */
export const receiveOnce =
  (context: UseCaseContext) =>
  <T, E>(
    update: IncomingUpdate,
    work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
    options: ReceiveOptions = {},
  ): ResultAsync<Received<T>, E | RepositoryError | TransactionError> =>
    parseUpdate(update).asyncAndThen((keys) =>
      inUnitOfWork<Received<T>, E | RepositoryError | TransactionError>(
        context,
        { correlationId: nameOf(keys), ...options },
        (uow) =>
          safeTry<Received<T>, E | RepositoryError | TransactionError>(async function* () {
            if (!(yield* uow.inbox.record(keys))) return ok<Received<T>>({ duplicate: true });
            return ok<Received<T>>({ duplicate: false, value: yield* await work(uow) });
          }),
      ),
    );

const nameOf = ({ source, updateId = 'content' }: UpdateKeys): string => `${source}:${updateId}`;
