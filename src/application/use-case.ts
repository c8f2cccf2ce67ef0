import type { Result, ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../domain/booking/booking-policy.ts';
import type { RunTransaction, TransactionError, UnitOfWork } from './ports/unit-of-work.ts';

/** What every use case needs; bound once by the composition root. */
export interface UseCaseContext {
  readonly transaction: RunTransaction;
  readonly policy: BookingPolicy;
}

export interface UseCaseOptions {
  /** Joins this unit of work, in a savepoint of it, instead of running in a transaction of its own. */
  readonly uow?: UnitOfWork;
}

/** Runs a use case's work where its caller wants it. */
export const inUnitOfWork = <T, E>(
  context: UseCaseContext,
  options: UseCaseOptions,
  work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
): ResultAsync<T, E | TransactionError> =>
  options.uow ? options.uow.savepoint(work) : context.transaction(work);
