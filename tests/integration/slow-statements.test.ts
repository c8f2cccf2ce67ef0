import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist';
import { MikroORM as PGliteORM } from '@mikro-orm/pglite';
import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  collectQueries,
  createSlotwise,
  type QueryLog,
  type Slotwise,
  type SlotwiseOptions,
  type UnitOfWork,
} from '../../src/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { until } from '../support/until.ts';

const SLOW_MS = 30;

/** Nothing that is quick takes this long, however busy the machine is. */
const VERY_SLOW_MS = 500;

interface SleepOptions {
  readonly uow?: UnitOfWork;
  /** Twice as long as what is slow when left out. */
  readonly ms?: number;
}

const sleep = ({ rows }: Slotwise, operation: string, { uow, ms = 2 * SLOW_MS }: SleepOptions = {}) =>
  rows().read(
    operation,
    (db) => db.selectNoFrom((eb) => eb.fn<string>('pg_sleep', [eb.val(ms / 1000)]).as('slept')).execute(),
    { uow },
  );

async function open(stack: AsyncDisposableStack, options: SlotwiseOptions): Promise<Slotwise> {
  const opened = await createSlotwise({ cache: false, metrics: { slowStatementMs: SLOW_MS }, ...options });
  const sdk = stack.use(opened._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  sdk.diagnostics.resetSlowStatements();
  return sdk;
}

/** Asks for something in a table that is locked for longer than what is slow. */
async function behindLock<T>(
  database: ScratchDatabase,
  table: string,
  ask: () => PromiseLike<T>,
): Promise<T> {
  const { asked } = await database.during(async (run) => {
    await run(`lock table $schema.${table}`);
    const answer = ask();
    await until('somebody waits for the lock', 5_000, async () => {
      const waiting = await database.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%$schema%'`,
      );
      return waiting.length > 0;
    });
    await run(`select pg_sleep(${(2 * SLOW_MS) / 1000})`);
    return { asked: answer };
  });
  return asked;
}

/** What is kept of slow statements, whatever the database is. */
function itKeepsSlowStatements(
  database: (stack: AsyncDisposableStack) => Promise<NonNullable<SlotwiseOptions['database']>>,
): void {
  const stack = new AsyncDisposableStack();
  let sdk: Slotwise;

  beforeAll(async () => {
    sdk = await open(stack, { database: await database(stack) });
  }, 60_000);

  afterAll(() => stack.disposeAsync());

  it('keeps slow statements outside and inside of units of work', async () => {
    sdk.diagnostics.resetSlowStatements();
    (await sleep(sdk, 'host.outside'))._unsafeUnwrap();
    (
      await sdk.transaction((uow) =>
        uow.cities.getActive().andThen(() => sleep(sdk, 'host.inside', { uow }).andThen(() => uow.now())),
      )
    )._unsafeUnwrap();
    for (const operation of ['host.inside', 'host.outside']) {
      const slow = sdk.diagnostics.slowStatements().find((one) => one.operation === operation);
      expect(slow).toMatchObject({ sql: 'select pg_sleep(?) as "slept"', calls: 1, failed: 0 });
      expect(slow?.maxMs).toBeGreaterThanOrEqual(2 * SLOW_MS - 1);
    }
  });

  it('keeps them of transactions that have written', async () => {
    sdk.diagnostics.resetSlowStatements();
    const added = await sdk.transaction((uow) =>
      uow.cities
        .add({ name: 'Berlin', timeZone: 'Europe/Berlin' })
        .andThen(() => sleep(sdk, 'host.afterwards', { uow })),
    );
    added._unsafeUnwrap();
    expect(sdk.diagnostics.slowStatements().map(({ operation }) => operation)).toContain('host.afterwards');
  });
}

describe('an embedded database', () => {
  itKeepsSlowStatements(() => Promise.resolve({ embedded: true }));
});

describe('a MikroORM of the host', () => {
  itKeepsSlowStatements(async (stack) => {
    const orm = await PGliteORM.init({
      entities: [],
      discovery: { warnWhenNoEntities: false },
      driverOptions: { extensions: { btree_gist: btreeGist } },
    });
    stack.defer(() => orm.close(true));
    return { orm: orm as unknown as MikroORM };
  });
});

describeWithPostgres('a server', () => {
  itKeepsSlowStatements((stack) => Promise.resolve(stack.use(new ScratchDatabase()).options));

  it('shows the statement of a repository as it was sent, without what it asked for', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = await open(stack, { database: database.options });
    const found = await behindLock(database, 'city', () =>
      sdk.transaction((uow) => uow.cities.findByName('Ann Arbor')),
    );
    found._unsafeUnwrap();
    const slow = sdk.diagnostics.slowStatements().find(({ operation }) => operation === 'cities.findByName');
    expect(slow).toMatchObject({ calls: 1, failed: 0 });
    expect(slow?.sql).toContain(`from "${database.schema}"."city"`);
    expect(slow?.sql).not.toMatch(/\$\d|Ann/);
  });

  it.each([
    ['outside of units of work', (sdk: Slotwise) => sdk.read.cities.getActive()],
    ['inside of them', (sdk: Slotwise) => sdk.transaction((uow) => uow.cities.getActive())],
  ])('marks what ran into a limit of time, %s', async (_where, ask) => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    await open(stack, { database: database.options });
    const limited = { ...database.options, statementTimeoutMs: 100 };
    const sdk = await open(stack, { database: limited, metrics: { slowStatementMs: 60_000 } });
    await database.during(async (run) => {
      await run('lock table $schema.city');
      expect((await ask(sdk))._unsafeUnwrapErr()).toMatchObject({ type: 'Timeout' });
    });
    expect(sdk.diagnostics.slowStatements()).toEqual([
      expect.objectContaining({ operation: 'cities.getActive', calls: 1, failed: 1 }),
    ]);
  });

  it('keeps no quick ones, also when they have waited for a connection', async () => {
    await using stack = new AsyncDisposableStack();
    const database = { ...stack.use(new ScratchDatabase()).options, pool: { max: 1 } };
    const sdk = await open(stack, { database, metrics: { slowStatementMs: VERY_SLOW_MS } });
    await Promise.all([sleep(sdk, 'host.first', { ms: VERY_SLOW_MS + 100 }), sdk.read.cities.getActive()]);
    expect(sdk.diagnostics.slowStatements().map(({ operation }) => operation)).toEqual(['host.first']);
  });

  it('sees statements that the query builder has no words for', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = await open(stack, { database: database.options });
    const looking = await behindLock(database, 'slot', () => sdk.diagnostics.doctor());
    looking._unsafeUnwrap();
    const slow = sdk.diagnostics.slowStatements().find(({ operation }) => operation === 'diagnostics.drift');
    expect(slow?.sql).toMatch(/^with drifted as /);
  });

  it('takes no statement for failed because something else fails after it', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = await open(stack, { database: database.options });
    const logs: QueryLog[] = [];
    const own = await collectQueries(
      () =>
        sdk.rows().read('host.own', async (db) => {
          const inner = db.selectNoFrom((eb) => eb.lit(1).as('one')).as('inner');
          await db.selectFrom(inner).selectAll().execute();
          throw new Error('of the host');
        }),
      (log) => logs.push(log),
    );
    expect(own.isErr()).toBe(true);
    expect(logs).toMatchObject([
      { count: 1, failed: 0, statements: [{ sql: 'select * from (select ? as "one") as "inner"' }] },
    ]);
  });

  it('keeps none when told so', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = await open(stack, { database: database.options, queries: { maxSlow: 0 } });
    (await sleep(sdk, 'host.outside'))._unsafeUnwrap();
    expect(sdk.diagnostics.slowStatements()).toEqual([]);
  });
});
