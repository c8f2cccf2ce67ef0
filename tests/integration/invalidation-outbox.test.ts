import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import type { PendingInvalidation } from '../../src/application/ports/invalidation.ts';
import { signalsOf } from '../../src/infrastructure/observability/signals.ts';
import { Database } from '../../src/infrastructure/persistence/database.ts';
import { MikroOrmInvalidationOutbox } from '../../src/infrastructure/persistence/invalidation-outbox.ts';
import { rowSchemas } from '../../src/infrastructure/persistence/rows/tables.ts';
import { AutocommitSession } from '../../src/infrastructure/persistence/session.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

/** More than the parameters one statement can carry (65,535): an outage of some minutes on a busy node. */
const MANY = 70_000;

describeWithPostgres('the invalidation outbox after a long outage', () => {
  const stack = new AsyncDisposableStack();
  let database: ScratchDatabase;
  let outbox: MikroOrmInvalidationOutbox;

  beforeAll(async () => {
    database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    (await sdk.migrate())._unsafeUnwrap();
    const { url, schema } = database;
    const opened = await MikroORM.init({
      entities: [...rowSchemas],
      clientUrl: url,
      schema,
      logger: () => undefined,
    });
    const orm = stack.adopt(opened, () => opened.close(true));
    outbox = new MikroOrmInvalidationOutbox(
      new AutocommitSession(new Database(orm, database.schema, 5000), signalsOf()),
    );
    await database.rows(
      `insert into $schema.invalidation (anchors) select array['slot:' || i] from generate_series(1, ${MANY}) i`,
    );
  });

  afterAll(() => stack.disposeAsync());

  const allIds = async (): Promise<readonly number[]> => {
    const rows = await database.rows<{ id: string }>('select id from $schema.invalidation order by id');
    return rows.map(({ id }) => Number(id));
  };

  it('says which of any number of rows are still there', async () => {
    const ids = await allIds();
    const asked = [...ids, ...ids.map((id) => id + MANY)];
    expect((await outbox.remaining(asked))._unsafeUnwrap().toSorted((a, b) => a - b)).toEqual(ids);
  });

  it('removes any number of rows', async () => {
    const [kept = 0, ...done] = await allIds();
    (await outbox.remove(done))._unsafeUnwrap();
    expect(await allIds()).toEqual([kept]);
    expect((await outbox.backlog())._unsafeUnwrap().rows).toBe(1);
  });

  it('hands each row to one claimer at a time, and to nobody once it was acted on', async () => {
    await database.rows(`truncate $schema.invalidation`);
    await database.rows(
      `insert into $schema.invalidation (anchors) select array['slot:' || i] from generate_series(1, 40) i`,
    );
    const held = Promise.withResolvers<boolean>();
    const holding = Promise.withResolvers<readonly PendingInvalidation[]>();
    const first = outbox.claim(30, (rows) => {
      holding.resolve(rows);
      return held.promise;
    });
    const taken = await holding.promise;
    const second = (await outbox.claim(30, () => Promise.resolve(true)))._unsafeUnwrap();
    expect(taken).toHaveLength(30);
    expect(second).toHaveLength(10);
    // Whoever must know everything still sees what is being acted on.
    expect((await outbox.pending(100))._unsafeUnwrap()).toHaveLength(30);
    held.resolve(true);
    expect((await first)._unsafeUnwrap()).toEqual(taken);
    expect(await allIds()).toEqual([]);
  });

  it('keeps what was claimed by somebody who could not act on it', async () => {
    await database.rows(`insert into $schema.invalidation (anchors) values (array['slot:1'])`);
    expect((await outbox.claim(10, () => Promise.resolve(false)))._unsafeUnwrap()).toEqual([]);
    expect(await allIds()).toHaveLength(1);
  });
});
