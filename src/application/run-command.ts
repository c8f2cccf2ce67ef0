import { ok, Result, safeTry, type ResultAsync } from 'neverthrow';
import type { IdempotencyMismatch } from '../domain/idempotency/idempotency-errors.ts';
import { parseCorrelationId } from '../domain/shared/correlation-id.ts';
import type { RepositoryError } from '../domain/shared/repository-error.ts';
import { parseOptionalText, textLimits } from '../domain/shared/text.ts';
import type { ValidationError } from '../domain/shared/validation-error.ts';
import type { TransactionError, UnitOfWork } from './ports/unit-of-work.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from './use-case.ts';

/** What any command may answer, whatever it does. */
export type CommandError = TransactionError | RepositoryError | IdempotencyMismatch;

/** How a command is told from others under the same idempotency key. */
interface Command {
  /** As callers know it: `slots.publish`. */
  readonly name: string;
  readonly input: unknown;
}

type Work<T, E> = (uow: UnitOfWork) => PromiseLike<Result<T, E>>;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Runs a command that changes something, where its caller wants it and, under an idempotency key, once. What the command
 * answers then must be plain data, entities and instants, since it is stored.
 */
export const runCommand = <T, E>(
  context: UseCaseContext,
  options: UseCaseOptions,
  command: Command,
  work: Work<T, E>,
): ResultAsync<T, E | CommandError> =>
  context.observe(command.name, () =>
    checked(options).asyncAndThen((key) =>
      inUnitOfWork<T, E | CommandError>(
        context,
        options,
        key === undefined ? work : (uow) => onceUnder(key, uow, command, work),
      ),
    ),
  );

const checked = ({
  idempotencyKey,
  correlationId,
}: UseCaseOptions): Result<string | undefined, ValidationError> =>
  Result.combine([
    parseOptionalText(idempotencyKey, 'idempotencyKey', textLimits.idempotencyKey),
    parseCorrelationId(correlationId),
  ]).map(([key]) => key);

/** The claim and the answer are part of the command's own transaction: they are lost with whatever else it wrote. */
const onceUnder = <T, E>(
  key: string,
  uow: UnitOfWork,
  { name, input }: Command,
  work: Work<T, E>,
): ResultAsync<T, E | CommandError> =>
  safeTry<T, E | CommandError>(async function* () {
    const claim = yield* uow.idempotency.claim({ key, operation: name, input, ttlMs: DAY_MS });
    if (claim.kind === 'answered') return ok(claim.answer as T);
    const answer = yield* await work(uow);
    yield* uow.idempotency.remember(claim.id, answer);
    return ok(answer);
  });
