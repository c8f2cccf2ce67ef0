import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type {
  InvalidationBacklog,
  InvalidationId,
  InvalidationOutbox,
  PendingInvalidation,
} from '../../application/ports/invalidation.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
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

/** Ids are always one array parameter: after a long outage there are more of them than a statement has parameters. */
export class MikroOrmInvalidationOutbox implements InvalidationOutbox {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  pending(limit: number): ResultAsync<readonly PendingInvalidation[], RepositoryError> {
    return this.#session
      .run('invalidation.pending', 'read', (db) =>
        db.selectFrom('invalidation').select(['id', 'anchors']).orderBy('id').limit(limit).execute(),
      )
      .orElse(nothingBeforeMigration)
      .andThen(
        decodeAll((row) =>
          readRecord('invalidation', row, (read) => ({
            id: read.integer('id'),
            anchors: read.texts('anchors'),
          })),
        ),
      );
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
          .where((eb) => eb('id', '=', eb.fn<number>('any', [eb.val([...ids])])))
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
