import { expect, it } from 'vitest';
import { createSlotwise, type Recommendation, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { until } from '../support/until.ts';

interface Scene {
  readonly database: ScratchDatabase;
  readonly sdk: Slotwise;
}

async function migrated(stack: AsyncDisposableStack, options: SlotwiseOptions = {}): Promise<Scene> {
  const database = stack.use(new ScratchDatabase());
  const opened = await createSlotwise({ database: database.options, cache: false, ...options });
  const sdk = stack.use(opened._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  sdk.diagnostics.resetSlowStatements();
  return { database, sdk };
}

const recommended = async (
  { diagnostics }: Slotwise,
  rule: Recommendation['rule'],
): Promise<readonly Recommendation[]> =>
  (await diagnostics.recommendations())._unsafeUnwrap().filter((one) => one.rule === rule);

/** Rows, and scans of a kind, whose counts PostgreSQL has told by the time this answers. */
async function scanned(
  { database, sdk }: Scene,
  { rows, times, by }: { readonly rows: number; readonly times: number; readonly by: 'sequence' | 'index' },
): Promise<void> {
  await database.rows(
    `insert into $schema.city (name, time_zone, active) select 'City ' || n, 'UTC', true from generate_series(1, ${rows}) n`,
  );
  await database.during(async (run) => {
    await run('analyze $schema.city');
    await run(`set local enable_${by === 'sequence' ? 'indexscan' : 'seqscan'} = off`);
    await run('set local enable_bitmapscan = off');
    await run(`do $$ begin for turn in 1..${times} loop
      perform name from $schema.city where id = turn; end loop; end $$`);
  });
  await until('PostgreSQL tells what it has counted', 10_000, async () => {
    // A session tells of its counts, now and then, when a statement of it ends.
    await database.rows('select');
    const tables = (await sdk.diagnostics.tableStatistics())._unsafeUnwrap();
    const city = tables.find(({ table }) => table === 'city');
    const scans = by === 'sequence' ? city?.sequentialScans : city?.indexScans;
    return (scans ?? 0) >= times && (city?.rows ?? 0) >= rows;
  });
}

describeWithPostgres('recommendations', () => {
  it('are none for a schema that was just migrated, and for one that was not', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await migrated(stack);
    expect((await sdk.diagnostics.recommendations())._unsafeUnwrap()).toEqual([]);

    const other = stack.use(new ScratchDatabase());
    const bare = stack.use((await createSlotwise({ database: other.options, cache: false }))._unsafeUnwrap());
    expect((await bare.diagnostics.recommendations())._unsafeUnwrap()).toEqual([]);
  });

  it('name an index that is gone, and no guard', async () => {
    await using stack = new AsyncDisposableStack();
    const { database, sdk } = await migrated(stack);
    await database.rows('drop index $schema.slot_by_city');
    await database.rows('drop index $schema.booking_one_live_per_slot');
    expect(await recommended(sdk, 'missing-index')).toEqual([
      {
        rule: 'missing-index',
        subject: 'slot_by_city',
        message: `the index slot_by_city on "${database.schema}".slot is missing`,
        remedy: expect.stringContaining('slotwise indexes --create') as string,
      },
    ]);
  });

  it('name a large table that is read from end to end again and again', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = await migrated(stack);
    await scanned(scene, { rows: 10_000, times: 150, by: 'sequence' });
    expect(await recommended(scene.sdk, 'sequential-scans')).toMatchObject([
      {
        subject: 'city',
        message: expect.stringMatching(
          /city has \d+ rows and was read from end to end 1\d\d times/,
        ) as string,
      },
    ]);
  });

  it('say nothing of a small table that is read from end to end', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = await migrated(stack);
    await scanned(scene, { rows: 100, times: 150, by: 'sequence' });
    expect(await recommended(scene.sdk, 'sequential-scans')).toEqual([]);
  });

  it('say nothing of a large table whose rows indexes find', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = await migrated(stack);
    await scanned(scene, { rows: 10_000, times: 150, by: 'index' });
    expect(await recommended(scene.sdk, 'sequential-scans')).toEqual([]);
  });

  it('name an index of somebody else that nothing uses, and none that guards', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = await migrated(stack);
    await scene.database.rows('create index city_by_zone on $schema.city (time_zone)');
    await scene.database.rows('create unique index city_by_zone_once on $schema.city (time_zone, name)');
    expect(await recommended(scene.sdk, 'unused-index')).toEqual([]);

    await scanned(scene, { rows: 2_000, times: 1_500, by: 'index' });
    expect(await recommended(scene.sdk, 'unused-index')).toMatchObject([
      {
        subject: 'city_by_zone',
        remedy: expect.stringContaining(`"${scene.database.schema}"."city_by_zone"`) as string,
      },
    ]);
  });

  it('name what this process has waited for, with how to look at it', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    await migrated(stack, { database: database.options });
    const limited = { ...database.options, statementTimeoutMs: 100 };
    const { sdk } = await migrated(stack, { database: limited });
    expect(await recommended(sdk, 'slow-statement')).toEqual([]);
    await database.during(async (run) => {
      await run('lock table $schema.slot');
      expect((await sdk.read.slots.getFreeForCity(1)).isErr()).toBe(true);
    });
    expect(await recommended(sdk, 'slow-statement')).toMatchObject([
      {
        subject: 'slots.getFreeForCity',
        message: expect.stringContaining('and failed once') as string,
        remedy: 'look at its plan: `slotwise explain slots.getFreeForCity --analyze`',
      },
    ]);
  });

  it('name lists that are read one by one', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await migrated(stack, { queries: { repeats: { atLeast: 3 } } });
    const readAll = (ids: readonly number[]) =>
      sdk.transaction(async (uow) => {
        for (const id of ids) (await uow.bookings.find(id))._unsafeUnwrap();
        return uow.now();
      });
    (await readAll([1, 2]))._unsafeUnwrap();
    expect(await recommended(sdk, 'repeated-statement')).toEqual([]);
    (await readAll([1, 2, 3, 4]))._unsafeUnwrap();
    expect(await recommended(sdk, 'repeated-statement')).toMatchObject([
      {
        subject: 'bookings.find',
        message: 'bookings.find was sent 4 times in one unit of work; units of work so far: 1',
        remedy: expect.stringMatching(/getMany.*recommendations\.test\.ts/) as string,
      },
    ]);
  });
});
