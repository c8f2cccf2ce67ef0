import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import {
  declaredObjects,
  sdkTables,
} from '../../src/infrastructure/persistence/catalogue/declared-objects.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

async function migrated(
  stack: AsyncDisposableStack,
  database: ScratchDatabase,
  limits: { readonly statementTimeoutMs?: number } = {},
): Promise<Slotwise> {
  stack.use(database);
  const sdk = stack.use(
    (await createSlotwise({ database: { ...database.options, ...limits }, cache: false }))._unsafeUnwrap(),
  );
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
}

const objects = {
  keys: `select conrelid::regclass::text as of, conname::text as name from pg_constraint
    where connamespace = '$schema'::regnamespace and contype in ('p', 'u', 'x')`,
  checks: `select conrelid::regclass::text as of, conname::text as name from pg_constraint
    where connamespace = '$schema'::regnamespace and contype = 'c'`,
  references: `select conrelid::regclass::text as of, conname::text as name from pg_constraint
    where connamespace = '$schema'::regnamespace and contype = 'f'`,
  triggers: `select tgrelid::regclass::text as of, tgname::text as name from pg_trigger join pg_class on pg_class.oid = tgrelid
    where relnamespace = '$schema'::regnamespace and not tgisinternal`,
  uniqueIndexes: `select indrelid::regclass::text as of, relname::text as name
    from pg_index join pg_class on pg_class.oid = indexrelid where relnamespace = '$schema'::regnamespace and indisunique
      and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))`,
  indexes: `select indrelid::regclass::text as of, relname::text as name
    from pg_index join pg_class on pg_class.oid = indexrelid where relnamespace = '$schema'::regnamespace and not indisunique
      and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))`,
} as const;

const namesIn = (declared: readonly string[] | Readonly<Record<string, string>> = []): readonly string[] =>
  Array.isArray(declared) ? declared : Object.keys(declared);

describeWithPostgres('the catalogue', () => {
  it.each(Object.keys(objects) as (keyof typeof objects)[])(
    'declares the %s that migrations make',
    async (kind) => {
      await using stack = new AsyncDisposableStack();
      const database = new ScratchDatabase();
      await migrated(stack, database);
      const made = await database.rows<{ of: string; name: string }>(objects[kind]);
      const declared = Object.entries(declaredObjects).flatMap(([table, of]) =>
        namesIn(of[kind]).map((name) => `${database.schema}.${table} ${name}`),
      );
      expect(made.length).toBeGreaterThan(0);
      expect(declared.toSorted()).toEqual(made.map(({ of, name }) => `${of} ${name}`).toSorted());
    },
  );

  it('lists indexes with size and use, and those that are missing', async () => {
    await using stack = new AsyncDisposableStack();
    const database = new ScratchDatabase();
    const sdk = await migrated(stack, database);
    await database.rows('drop index $schema.slot_by_city');
    await database.rows('create index city_by_zone on $schema.city (time_zone)');
    const indexes = (await sdk.diagnostics.indexes())._unsafeUnwrap();
    const named = (wanted: string) => indexes.find(({ name }) => name === wanted);
    expect(named('slot_by_city')).toMatchObject({
      table: 'slot',
      state: 'missing',
      declared: true,
      bytes: 0,
    });
    expect(named('city_by_zone')).toMatchObject({ table: 'city', state: 'present', declared: false });
    expect(named('slot_pkey')).toMatchObject({ state: 'present', declared: true, bytes: 8192, scans: 0 });
  });

  it('analyzes and vacuums every table, and tells so', async () => {
    await using stack = new AsyncDisposableStack();
    const database = new ScratchDatabase();
    const sdk = await migrated(stack, database);
    await database.rows(
      `insert into $schema.city (name, time_zone, active) select 'City ' || n, 'UTC', true from generate_series(1, 500) n`,
    );
    await database.rows('delete from $schema.city where id > 200');
    const city = async () =>
      (await sdk.diagnostics.tableStatistics())._unsafeUnwrap().find(({ table }) => table === 'city');
    expect(await city()).not.toHaveProperty('analyzedAt');

    const seen: string[] = [];
    const onProgress = ({ table }: { readonly table: string }): void => void seen.push(table);
    const vacuumed = (await sdk.diagnostics.vacuum({ onProgress }))._unsafeUnwrap();
    expect(vacuumed.map(({ table }) => table)).toEqual(sdkTables);
    expect(seen).toEqual(sdkTables);
    (await sdk.diagnostics.analyze())._unsafeUnwrap();

    expect(await city()).toMatchObject({
      rows: 200,
      deadRows: 0,
      vacuumedAt: expect.stringMatching(/^20.*Z$/) as string,
      analyzedAt: expect.stringMatching(/^20.*Z$/) as string,
    });
    const sizes = (await sdk.diagnostics.tableStatistics())._unsafeUnwrap().map(({ bytes }) => bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it('gives maintenance the time it takes, and everything else its limit again', async () => {
    await using stack = new AsyncDisposableStack();
    const database = new ScratchDatabase();
    const sdk = await migrated(stack, database, { statementTimeoutMs: 200 });
    const analyzed = await database.during(async (run) => {
      await run('lock table $schema.city in share update exclusive mode');
      const running = sdk.diagnostics.analyze();
      const outcome = await Promise.race([running, sleep(600)]);
      expect(outcome).toBeUndefined();
      return { running };
    });
    expect((await analyzed.running).isOk()).toBe(true);

    await database.during(async (run) => {
      await run('lock table $schema.city');
      const read = await sdk.unitOfWork().cities.getActive();
      expect(read._unsafeUnwrapErr()).toMatchObject({ type: 'Timeout', waitedFor: 'statement' });
    });
  });

  it('answers a typed error for tables that are not there yet', async () => {
    await using database = new ScratchDatabase();
    await using sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    expect((await sdk.diagnostics.tableStatistics())._unsafeUnwrap()).toEqual([]);
    expect((await sdk.diagnostics.vacuum())._unsafeUnwrapErr()).toMatchObject({
      type: 'Database',
      sqlState: '3F000',
    });
  });

  it.each([0, 1.5, 1001])('takes no %d for a number of statements', async (limit) => {
    await using database = new ScratchDatabase();
    await using sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    expect((await sdk.diagnostics.topStatements(limit))._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
    });
  });

  it('lists the statements that cost most where they are counted', async ({ skip }) => {
    await using server = await PostgresProcess.start(120, { shared_preload_libraries: 'pg_stat_statements' });
    if (server === undefined) {
      skip('the programs of PostgreSQL are not installed');
      return;
    }
    await using stack = new AsyncDisposableStack();
    const database = new ScratchDatabase(server.url);
    const sdk = await migrated(stack, database);
    expect((await sdk.diagnostics.topStatements())._unsafeUnwrap()).toMatchObject({ reason: 'not-created' });

    await database.rows('create extension pg_stat_statements');
    for (let round = 0; round < 5; round += 1) (await sdk.read.cities.getActive())._unsafeUnwrap();
    const { statements: sent } = (await sdk.diagnostics.activity())._unsafeUnwrap();
    expect(sent).toBeGreaterThan(5);
    const top = (await sdk.diagnostics.topStatements(1000))._unsafeUnwrap();
    const statements = top.available ? top.statements : [];
    const ofCities = statements.filter(({ query, calls }) => /"city"/.test(query) && calls === 5);
    expect(ofCities).toHaveLength(1);
    expect(ofCities[0]?.totalMs).toBeGreaterThan(0);
    expect(statements.map(({ totalMs }) => totalMs)).toEqual(
      statements.map(({ totalMs }) => totalMs).toSorted((a, b) => b - a),
    );
    expect((await sdk.diagnostics.topStatements(1))._unsafeUnwrap()).toMatchObject({
      statements: { length: 1 },
    });
  });

  it('says so where the library is not loaded', async ({ skip }) => {
    await using server = await PostgresProcess.start(120);
    if (server === undefined) {
      skip('the programs of PostgreSQL are not installed');
      return;
    }
    await using stack = new AsyncDisposableStack();
    const database = new ScratchDatabase(server.url);
    const sdk = await migrated(stack, database);
    await database.rows('create extension pg_stat_statements');
    expect((await sdk.diagnostics.topStatements())._unsafeUnwrap()).toMatchObject({ reason: 'not-loaded' });
    const activity = (await sdk.diagnostics.activity())._unsafeUnwrap();
    expect(activity).toMatchObject({ statements: undefined, commits: expect.any(Number) as number });
  });
});
