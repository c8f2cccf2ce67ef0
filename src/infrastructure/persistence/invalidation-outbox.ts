import { err, ok, okAsync, Result, type ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type {
  InvalidationBacklog,
  InvalidationId,
  InvalidationOutbox,
  PendingInvalidation,
} from '../../application/ports/invalidation.ts';
import type { CorruptRecord, RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Db } from './rows/tables.ts';
import { readRecord } from '../records/record-reader.ts';
import { decodeAll } from './repositories/answers.ts';
import type { Session, StatementError } from './session.ts';

/** Writes the anchors a transaction changed into that transaction. */
export async function enqueueInvalidation(db: Db, anchors: readonly Anchor[]): Promise<InvalidationId> {
  const { id } = await db
    .insertInto('invalidation')
    .values({ anchors: [...anchors] })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(id);
}

/** Before the first migration there is no table, hence nothing that could be pending. */
const nothingBeforeMigration = (error: StatementError): Result<[], StatementError> =>
  error.type === 'Database' && error.sqlState === '42P01' ? ok([]) : err(error);

const readPending = (row: unknown): Result<PendingInvalidation, CorruptRecord> =>
  readRecord('invalidation', row, (read) => ({ id: read.integer('id'), anchors: read.texts('anchors') }));

/** Takes a claim back. */
class NotBumped extends Error {}

/** Ids are always one array parameter: after a long outage there are more of them than a statement has parameters. */
export class MikroOrmInvalidationOutbox implements InvalidationOutbox {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  pending(limit: number, afterId = 0): ResultAsync<readonly PendingInvalidation[], RepositoryError> {
    return this.#session
      .run('invalidation.pending', 'read', (db) =>
        db
          .selectFrom('invalidation')
          .select(['id', 'anchors'])
          .where('id', '>', afterId)
          .orderBy('id')
          .limit(limit)
          .execute(),
      )
      .orElse(nothingBeforeMigration)
      .andThen(decodeAll(readPending));
  }

  /** Rows that are deleted but not committed come back when the bump fails, and are nobody else's meanwhile. */
  claim(
    limit: number,
    act: (rows: readonly PendingInvalidation[]) => Promise<boolean>,
  ): ResultAsync<readonly PendingInvalidation[], RepositoryError> {
    return this.#session
      .run('invalidation.claim', 'write', async (db) => {
        try {
          return await db.transaction().execute(async (transaction) => {
            const rows = await transaction
              .deleteFrom('invalidation')
              .where('id', 'in', (inner) =>
                inner
                  .selectFrom('invalidation')
                  .select('id')
                  .orderBy('id')
                  .limit(limit)
                  .forUpdate()
                  .skipLocked(),
              )
              .returning(['id', 'anchors'])
              .execute();
            const claimed = Result.combine(rows.map(readPending));
            if (claimed.isErr()) return claimed;
            if (claimed.value.length > 0 && !(await act(claimed.value))) throw new NotBumped();
            return claimed;
          });
        } catch (cause) {
          if (cause instanceof NotBumped) return ok([]);
          throw cause;
        }
      })
      .orElse((error) => nothingBeforeMigration(error).map(() => ok([])))
      .andThen((claimed) => claimed);
  }

  remaining(ids: readonly InvalidationId[]): ResultAsync<readonly InvalidationId[], RepositoryError> {
    if (ids.length === 0) return okAsync([]);
    return this.#session
      .run('invalidation.remaining', 'read', (db) =>
        db
          .selectFrom('invalidation')
          .select('id')
          .where((eb) => eb('id', '=', eb.fn<number>('any', [eb.val([...ids])])))
          .execute(),
      )
      .map((rows) => rows.map(({ id }) => Number(id)));
  }

  remove(ids: readonly InvalidationId[]): ResultAsync<void, RepositoryError> {
    if (ids.length === 0) return okAsync(undefined);
    return this.#session
      .run('invalidation.remove', 'write', (db) =>
        db
          .deleteFrom('invalidation')
          .where('id', 'in', (inner) =>
            inner
              .selectFrom('invalidation')
              .select('id')
              .where((eb) => eb('id', '=', eb.fn<number>('any', [eb.val([...ids])])))
              .orderBy('id')
              .forUpdate()
              .skipLocked(),
          )
          .execute(),
      )
      .map(() => undefined);
  }

  expire(ageMs: number): ResultAsync<void, RepositoryError> {
    return this.#session
      .run('invalidation.expire', 'write', (db) =>
        db
          .deleteFrom('invalidation')
          .where((eb) =>
            eb(eb.fn<number>('date_part', [eb.val('epoch'), 'created_at']), '<', (inner) =>
              inner(
                inner.fn<number>('date_part', [inner.val('epoch'), inner.fn('clock_timestamp')]),
                '-',
                ageMs / 1000,
              ),
            ),
          )
          .execute(),
      )
      .map(() => undefined);
  }

  backlog(): ResultAsync<InvalidationBacklog, RepositoryError> {
    return this.#session
      .run('invalidation.backlog', 'read', (db) =>
        db
          .selectFrom('invalidation')
          .select((eb) => [
            eb.fn.countAll<string>().as('rows'),
            eb.fn.min('created_at').as('oldest'),
            eb.fn<unknown>('clock_timestamp').as('now'),
          ])
          .executeTakeFirstOrThrow(),
      )
      .andThen((row) =>
        readRecord('invalidation', row, (read) => {
          const oldest = read.optionalInstant('oldest');
          const age =
            oldest === undefined ? 0 : read.instant('now').epochMilliseconds - oldest.epochMilliseconds;
          return { rows: read.integer('rows'), oldestMs: Math.max(0, age) };
        }),
      );
  }
}
