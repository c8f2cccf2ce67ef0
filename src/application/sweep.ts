import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../domain/shared/repository-error.ts';
import { validationError } from '../domain/shared/validation-error.ts';
import type { TransactionError, UnitOfWork } from './ports/unit-of-work.ts';
import type { UseCaseContext } from './use-case.ts';

export interface SweepReport {
  /** How many rows were removed. */
  readonly removed: number;
}

export interface SweepOptions {
  /** How long ago what is removed must have become useless, in milliseconds. */
  readonly olderThanMs?: number;
}

export type SweepError = RepositoryError | TransactionError;

/** Removes some rows, `limit` at most, and answers how many. */
type RemoveSome = (
  uow: UnitOfWork,
  olderThanMs: number,
  limit: number,
) => ResultAsync<number, RepositoryError>;

const ROWS_PER_TRANSACTION = 1_000;

/** Removes what nobody needs any more, in many small transactions; several processes may do so at once. */
export const sweep =
  (
    { transaction }: UseCaseContext,
    { usual, least }: { readonly usual: number; readonly least: number },
    removeSome: RemoveSome,
  ) =>
  ({ olderThanMs = usual }: SweepOptions = {}): ResultAsync<SweepReport, SweepError> => {
    if (!Number.isSafeInteger(olderThanMs) || olderThanMs < least)
      return errAsync(validationError('olderThanMs', `must be an integer of at least ${least}`));
    const from = (before: number): ResultAsync<SweepReport, SweepError> =>
      transaction((uow) => removeSome(uow, olderThanMs, ROWS_PER_TRANSACTION)).andThen((removed) =>
        removed < ROWS_PER_TRANSACTION ? okAsync({ removed: before + removed }) : from(before + removed),
      );
    return from(0);
  };
