import type { Result, ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../domain/booking/booking-policy.ts';
import type { RunTransaction, TransactionError, UnitOfWork } from './ports/unit-of-work.ts';

/** What every use case needs; bound once by the composition root. */
export interface UseCaseContext {
  readonly transaction: RunTransaction;
  readonly policy: BookingPolicy;
  readonly observe: ObserveCommand;
}

/** Runs a command, and tells those who watch how it went. */
export type ObserveCommand = <T, E>(name: string, run: () => ResultAsync<T, E>) => ResultAsync<T, E>;

export interface UseCaseOptions {
  /** Joins this unit of work, in a savepoint of it, instead of running in a transaction of its own. */
  readonly uow?: UnitOfWork;
  /**
   * Names this one call, so that it can be made again when nobody knows what became of it: for 24 hours the same key with
   * the same command answers what the first call has answered, and does nothing. With another command or other input it
   * answers `IdempotencyMismatch`. Only an `Ok` is remembered. 200 characters at most; one insert and one update more.
   */
  readonly idempotencyKey?: string;
  /**
   * Names what the host is doing, in the audit trail and in events; 200 characters at most. A unit of work that is joined
   * has one of its own, which counts.
   */
  readonly correlationId?: string;
}

/** Runs a use case's work where its caller wants it. A command that changes something is run by `runCommand`. */
export const inUnitOfWork = <T, E>(
  context: UseCaseContext,
  { uow, correlationId }: UseCaseOptions,
  work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
): ResultAsync<T, E | TransactionError> =>
  uow === undefined
    ? context.transaction(work, correlationId === undefined ? {} : { correlationId })
    : uow.savepoint(work);
