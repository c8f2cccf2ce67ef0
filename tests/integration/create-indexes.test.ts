import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist';
import { MikroORM as PGliteORM } from '@mikro-orm/pglite';
import { describe, expect, it } from 'vitest';
import {
  createSlotwise,
  type IndexOutcome,
  type ServerDatabaseOptions,
  type Slotwise,
} from '../../src/index.ts';
import { declaredObjects } from '../../src/infrastructure/persistence/catalogue/declared-objects.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { until } from '../support/until.ts';

const LIMIT_MS = 5000;
const forSpeed = Object.values(declaredObjects).flatMap(({ indexes = {} }) => Object.keys(indexes));

/** A schema of a test's own, and the SDKs on it. */
class Indexes implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly database = this.#stack.use(new ScratchDatabase());

  async open(limits: Partial<ServerDatabaseOptions> = {}): Promise<Slotwise> {
    const database = { ...this.database.options, pool: { max: 2 }, ...limits };
    const sdk = this.#stack.use((await createSlotwise({ database, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    return sdk;
  }

  async definitions(): Promise<readonly string[]> {
    const rows = await this.database.rows<{ definition: string }>(
      `select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' invalid' end as definition
       from pg_index join pg_class on pg_class.oid = indexrelid
       where relnamespace = '$schema'::regnamespace order by relname`,
    );
    return rows.map(({ definition }) => definition);
  }

  async drop(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.database.rows(`drop index $schema.${name}`);
  }

  /** Beside a transaction that is older than any build, and that each build therefore waits for. */
  besideAWriter<T>(work: () => Promise<T>): Promise<T> {
    return this.database.during(async (run) => {
      await run('lock table $schema.slot in row exclusive mode');
      return work();
    });
  }

  async untilABuildWaits(): Promise<void> {
    await until('a build waits for the writer', LIMIT_MS, async () => (await this.#builds('true')) === 1);
  }

  async cancelBuild(): Promise<void> {
    await this.#builds('pg_cancel_backend(pid)');
  }

  async #builds(what: string): Promise<number> {
    const builds = await this.database.rows(
      `select ${what} from pg_stat_activity
       where query like 'create index concurrently%"$schema"%' and state = 'active' and wait_event_type = 'Lock'`,
    );
    return builds.length;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

const short = (outcomes: readonly IndexOutcome[]): readonly string[] =>
  outcomes.map(({ name, outcome }) => `${name} ${outcome}`);

describeWithPostgres('createIndexes', () => {
  it('creates every index that is there for speed as migrations have made it, and nothing a second time', async () => {
    await using scene = new Indexes();
    const sdk = await scene.open();
    const fresh = await scene.definitions();
    await scene.drop(...forSpeed);
    const seen: string[] = [];
    const created = await sdk.diagnostics.createIndexes({ onProgress: ({ name }) => void seen.push(name) });
    expect(short(created._unsafeUnwrap())).toEqual(forSpeed.map((name) => `${name} created`));
    expect(seen).toEqual(forSpeed);
    expect(await scene.definitions()).toEqual(fresh);

    expect((await sdk.diagnostics.createIndexes())._unsafeUnwrap()).toEqual([]);
  });

  it('builds one again that was left half built', async () => {
    await using scene = new Indexes();
    const sdk = await scene.open();
    const fresh = await scene.definitions();
    await scene.drop('slot_by_city', 'slot_by_start');
    const interrupted = await scene.besideAWriter(async () => {
      const building = sdk.diagnostics.createIndexes();
      await scene.untilABuildWaits();
      await scene.cancelBuild();
      await scene.untilABuildWaits();
      return { building };
    });
    const outcomes = (await interrupted.building)._unsafeUnwrap();
    expect(short(outcomes)).toEqual(['slot_by_city failed', 'slot_by_start created']);
    expect(outcomes[0]).toMatchObject({ error: { type: 'Timeout', waitedFor: 'statement' } });
    expect((await scene.definitions()).filter((one) => one.endsWith(' invalid'))).toHaveLength(1);

    const rebuilt = await sdk.diagnostics.createIndexes();
    expect(short(rebuilt._unsafeUnwrap())).toEqual(['slot_by_city rebuilt']);
    expect(await scene.definitions()).toEqual(fresh);
  });

  it('has no limit of time, keeps nobody from writing, and lets one process do it at a time', async () => {
    await using scene = new Indexes();
    const sdk = await scene.open({ statementTimeoutMs: 150, lockTimeoutMs: 100 });
    const another = await scene.open();
    await scene.drop('slot_by_city');
    const { building } = await scene.besideAWriter(async () => {
      const started = sdk.diagnostics.createIndexes();
      await scene.untilABuildWaits();
      const [{ waited } = { waited: false }] = await scene.database.rows<{ waited: boolean }>(
        'select pg_sleep(0.4) is not null as waited',
      );
      expect(waited).toBe(true);
      await scene.untilABuildWaits();
      expect((await another.diagnostics.createIndexes())._unsafeUnwrapErr()).toMatchObject({
        type: 'Timeout',
        waitedFor: 'lock',
        retryable: true,
      });
      const written = await another.transaction((uow) =>
        uow.cities.add({ name: 'Written meanwhile', timeZone: 'Europe/Berlin' }),
      );
      expect(written.isOk()).toBe(true);
      return { building: started };
    });
    expect(short((await building)._unsafeUnwrap())).toEqual(['slot_by_city created']);

    expect((await another.diagnostics.createIndexes())._unsafeUnwrap()).toEqual([]);
    await scene.database.during(async (run) => {
      await run('lock table $schema.city');
      const read = await sdk.read.cities.list();
      expect(read._unsafeUnwrapErr()).toMatchObject({ type: 'Timeout', waitedFor: 'lock' });
    });
  });

  it('stops before the next one when it is told to', async () => {
    await using scene = new Indexes();
    const sdk = await scene.open();
    await scene.drop('slot_by_city', 'slot_by_recruiter', 'slot_by_start');
    const stop = new AbortController();
    const outcomes = await sdk.diagnostics.createIndexes({
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(short(outcomes._unsafeUnwrap())).toEqual([
      'slot_by_city created',
      'slot_by_recruiter left',
      'slot_by_start left',
    ]);
  });

  it('leaves what keeps rows from being wrong to migrations', async () => {
    await using scene = new Indexes();
    const sdk = await scene.open();
    await scene.drop('booking_one_live_per_slot');
    await scene.database.rows('alter table $schema.slot drop constraint slot_recruiter_no_overlap');
    const changed = await scene.definitions();
    expect((await sdk.diagnostics.createIndexes())._unsafeUnwrap()).toEqual([]);
    expect(await scene.definitions()).toEqual(changed);
  });

  it('answers a failure for each index of tables that are not there', async () => {
    await using database = new ScratchDatabase();
    await using sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    const outcomes = (await sdk.diagnostics.createIndexes())._unsafeUnwrap();
    expect(outcomes).toHaveLength(forSpeed.length);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ outcome: 'failed', error: { type: 'Database', sqlState: '3F000' } });
  });
});

describe('createIndexes on PGlite', () => {
  it('creates what is missing', async () => {
    await using stack = new AsyncDisposableStack();
    const orm = await PGliteORM.init({
      entities: [],
      discovery: { warnWhenNoEntities: false },
      driverOptions: { extensions: { btree_gist: btreeGist } },
    });
    stack.defer(() => orm.close(true));
    const sdk = stack.use((await createSlotwise({ database: { orm }, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    await orm.em.execute('drop index slotwise.slot_by_city');
    expect(short((await sdk.diagnostics.createIndexes())._unsafeUnwrap())).toEqual(['slot_by_city created']);
    expect((await sdk.diagnostics.createIndexes())._unsafeUnwrap()).toEqual([]);
    expect((await sdk.diagnostics.poolStatus()).server).toMatchObject({ available: true });
  });
});
