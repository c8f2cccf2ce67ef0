import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import type {
  CreateIndexesOptions,
  IndexOutcome,
  IndexReport,
} from '../../../application/ports/diagnostics.ts';
import { tellHost } from '../../../application/tell-host.ts';
import type { TimeoutError } from '../../../domain/shared/repository-error.ts';
import { toStatementFailure } from '../error-mapping.ts';
import { rawRows } from '../raw-rows.ts';
import type { Db } from '../rows/tables.ts';
import type { Session, StatementError } from '../session.ts';
import { Catalogue } from './catalogue.ts';
import { declaredObjects } from './declared-objects.ts';
import { readIndexes } from './indexes.ts';
import { withoutLimits } from './without-limits.ts';

const OPERATION = 'diagnostics.createIndexes';

/** Any number that no other program is likely to lock; the schema is the second half of the key. */
const INDEX_LOCK = 715_061_190;

/** What an index that makes reads fast is on, by its name. */
const definitions = new Map(
  Object.values(declaredObjects).flatMap(({ indexes = {} }) => Object.entries(indexes)),
);

/**
 * On one connection and outside of transactions, which PostgreSQL asks of an index that is built while others write. Two
 * at the same time would take each other's unfinished indexes for broken ones, so only one may.
 */
export const createIndexes = (
  { session, schema }: Catalogue,
  options: CreateIndexesOptions = {},
): ResultAsync<readonly IndexOutcome[], StatementError> =>
  session
    .run(OPERATION, 'write', (db) =>
      alone(db, schema, () => withoutLimits(db, () => createAll(new Catalogue(on(db), schema), options))),
    )
    .andThen((created) => created ?? errAsync(busy));

const busy: TimeoutError = { type: 'Timeout', operation: OPERATION, waitedFor: 'lock', retryable: true };

/** Never waits for the lock: what waits inside a statement is itself waited for by an index that is being built. */
async function alone<T>(db: Db, schema: string, work: () => Promise<T>): Promise<T | undefined> {
  const key = [INDEX_LOCK, schema];
  const [lock] = await rawRows(db, 'select pg_try_advisory_lock($1::int, hashtext($2)) as taken', key);
  if (!(lock as { readonly taken: boolean }).taken) return undefined;
  try {
    return await work();
  } finally {
    await rawRows(db, 'select pg_advisory_unlock($1::int, hashtext($2))', key);
  }
}

const on = (db: Db): Session => ({
  run: (operation, _kind, statement) =>
    ResultAsync.fromPromise(statement(db), (cause) => toStatementFailure(operation, cause)),
});

async function createAll(
  catalogue: Catalogue,
  { onProgress, signal }: CreateIndexesOptions,
): Promise<Result<readonly IndexOutcome[], StatementError>> {
  const indexes = await readIndexes(catalogue);
  if (indexes.isErr()) return err(indexes.error);
  const wanted = indexes.value.filter(({ name, state }) => state !== 'present' && definitions.has(name));
  const outcomes: IndexOutcome[] = [];
  for (const index of wanted) {
    const { table, name } = index;
    if (signal?.aborted === true) {
      outcomes.push({ table, name, outcome: 'left' });
      continue;
    }
    tellHost(onProgress, { table, name, done: outcomes.length, total: wanted.length });
    outcomes.push(await create(catalogue, index));
  }
  return ok(outcomes);
}

async function create(
  { session, schema }: Catalogue,
  { table, name, state }: IndexReport,
): Promise<IndexOutcome> {
  const startedAt = performance.now();
  const created = await session.run(OPERATION, 'write', async (db) => {
    if (state === 'invalid') await rawRows(db, `drop index concurrently "${schema}"."${name}"`, []);
    const definition = definitions.get(name) ?? '';
    await rawRows(db, `create index concurrently "${name}" on "${schema}"."${table}" ${definition}`, []);
  });
  return created.match<IndexOutcome>(
    () => ({
      table,
      name,
      outcome: state === 'invalid' ? 'rebuilt' : 'created',
      durationMs: performance.now() - startedAt,
    }),
    (error) => ({ table, name, outcome: 'failed', error }),
  );
}
