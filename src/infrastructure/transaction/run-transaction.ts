import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Logger } from '../../application/ports/logger.ts';
import type {
  RunTransaction,
  TransactionError,
  TransactionOptions,
  UnexpectedError,
  UnitOfWork,
  UnitOfWorkOptions,
} from '../../application/ports/unit-of-work.ts';
import { insideActivityOf } from '../observability/activity.ts';

const ATTEMPTS = 3;

/** Another transaction stood in the way: the same work may succeed when it is simply done again. */
const contentionStates = new Set(['40001', '40P01', '55P03']);

/** Jittered, 20 ms at first, 500 ms at most. */
const contention = retry(
  handleWhenResult((outcome) => (outcome as Result<unknown, unknown>).isErr() && isContention(outcome)),
  { maxAttempts: ATTEMPTS - 1, backoff: new ExponentialBackoff({ initialDelay: 20, maxDelay: 500 }) },
);

function isContention(outcome: unknown): boolean {
  const { error } = outcome as { readonly error: unknown };
  const { sqlState } = (error ?? {}) as { readonly sqlState?: unknown };
  return typeof sqlState === 'string' && contentionStates.has(sqlState);
}

export const unexpected = (cause: unknown): UnexpectedError => ({
  type: 'Unexpected',
  message: cause instanceof Error ? cause.message : String(cause),
  cause,
});

/** Builds `transaction` on top of something that opens units of work. */
export const runTransaction =
  (open: (options?: UnitOfWorkOptions) => UnitOfWork, logger: Logger): RunTransaction =>
  <T, E>(
    work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
    options?: TransactionOptions,
  ): ResultAsync<T, E | TransactionError> =>
    new ResultAsync(contention.execute(() => attempt(open(options ?? {}), work, options?.onCommit, logger)));

async function attempt<T, E>(
  uow: UnitOfWork,
  work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
  onCommit: TransactionOptions['onCommit'],
  logger: Logger,
): Promise<Result<T, E | TransactionError>> {
  const outcome = await settled(() => insideActivityOf(uow, () => work(uow)));
  if (outcome.isErr()) {
    // Disposing rolls back; when that fails the connection is gone, and the transaction with it.
    await uow[Symbol.asyncDispose]();
    return err(outcome.error);
  }
  const committed = await uow.commit();
  if (committed.isErr()) return err(committed.error);
  try {
    onCommit?.(committed.value);
  } catch (cause) {
    logger.error({ err: cause }, 'onCommit threw; the transaction is committed');
  }
  return ok(outcome.value);
}

/** Hosts without type checks forget a `return` easily, and then nobody would know whether to commit. */
const isResult = (outcome: unknown): boolean =>
  typeof (outcome as { readonly isErr?: unknown } | null | undefined)?.isErr === 'function';

/** The outcome of host code, with a throw, or an answer that is no `Result`, turned into an `Err`. */
export async function settled<T, E>(
  work: () => PromiseLike<Result<T, E>>,
): Promise<Result<T, E | UnexpectedError>> {
  try {
    const outcome: unknown = await work();
    if (isResult(outcome)) return outcome as Result<T, E>;
    return err(unexpected(new TypeError('the work must answer a Result')));
  } catch (cause) {
    return err(unexpected(cause));
  }
}
