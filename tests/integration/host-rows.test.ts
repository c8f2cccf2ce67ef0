import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist';
import { MikroORM as PGliteORM } from '@mikro-orm/pglite';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { err } from 'neverthrow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createSlotwise,
  withCache,
  type HostRows,
  type Slotwise,
  type SlotwiseOptions,
  type UnitOfWork,
} from '../../src/index.ts';
import { createInMemorySlotwise } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';

const JobRow = defineEntity({
  name: 'Job',
  tableName: 'host_job',
  properties: {
    id: p.integer().primary().autoincrement(),
    title: p.string(),
    cityId: p.integer(),
    publishedAt: p.datetime(),
    pay: p.bigint(),
  },
});

interface Place {
  /** Where the table is; found by itself when left out. */
  readonly schema?: string;
  readonly sdk: Slotwise;
  /** Shares database and cache with it. */
  readonly other: Slotwise;
}

interface InUnitOfWork {
  readonly uow: UnitOfWork;
}

const jobsOf = (rows: HostRows<typeof JobRow>, schema: string) => ({
  find: (id: number, joined?: InUnitOfWork) =>
    rows.read(
      'jobs.find',
      (db) => db.withSchema(schema).selectFrom('Job').selectAll().where('id', '=', id).executeTakeFirst(),
      joined,
    ),
  add: (title: string, joined: InUnitOfWork) =>
    rows.write(
      'jobs.add',
      (db) =>
        db
          .withSchema(schema)
          .insertInto('Job')
          .values({ title, cityId: 1, publishedAt: new Date(0), pay: 9_007_199_254_740_993n })
          .returning('id')
          .executeTakeFirstOrThrow(),
      joined,
    ),
  rename: (id: number, title: string, joined: InUnitOfWork) =>
    rows.write(
      'jobs.rename',
      (db) => db.withSchema(schema).updateTable('Job').set({ title }).where('id', '=', id).execute(),
      joined,
    ),
});

const createTable = (schema: string): string =>
  `create table ${schema}.host_job (
    id serial primary key, title text not null constraint host_job_title check (title <> ''),
    city_id integer not null, published_at timestamptz not null, pay bigint not null
  )`;

/** What an SDK does with tables of its host, whatever database is behind it. */
function itKnowsTheHostsRows(open: () => Promise<Place>): void {
  let place: Place;
  let id: number;

  const jobs = ({ rows, cache }: Slotwise) =>
    withCache(jobsOf(rows(JobRow), place.schema ?? 'public'), {
      cache,
      find: { key: 'job:{arg1}', ttl: 600_000 },
      invalidates: { rename: 'job:{arg1}' },
    });
  const titleSeenBy = async (sdk: Slotwise): Promise<string | undefined> =>
    (await jobs(sdk).find(id))._unsafeUnwrap()?.title;

  beforeAll(async () => {
    place = await open();
  });

  beforeEach(async () => {
    const added = await place.sdk.transaction((uow) => jobs(place.sdk).add('Gardener', { uow }));
    id = added._unsafeUnwrap().id;
  });

  it('reads them under the names and with the values of their schema, and from the cache the same', async () => {
    const expected = {
      id,
      title: 'Gardener',
      cityId: 1,
      publishedAt: new Date(0),
      pay: 9_007_199_254_740_993n,
    };
    expect((await jobs(place.sdk).find(id))._unsafeUnwrap()).toEqual(expected);
    const { loads } = place.sdk.cache.stats();
    expect((await jobs(place.sdk).find(id))._unsafeUnwrap()).toEqual(expected);
    expect(place.sdk.cache.stats().loads).toBe(loads);
  });

  it('commits them with what else is in the unit of work, and then nobody sees what was before', async () => {
    await titleSeenBy(place.sdk);
    await titleSeenBy(place.other);
    (
      await place.other.transaction((uow) =>
        jobs(place.other)
          .rename(id, 'Florist', { uow })
          .andThen(() => uow.cities.add({ name: `City of ${id}`, timeZone: 'UTC' })),
      )
    )._unsafeUnwrap();
    expect(await titleSeenBy(place.other)).toBe('Florist');
    await expect.poll(() => titleSeenBy(place.sdk), { timeout: 1500 }).toBe('Florist');
  });

  it('takes back what a unit of work that is rolled back has written, and keeps what is cached', async () => {
    await titleSeenBy(place.sdk);
    const { loads } = place.sdk.cache.stats();
    const undone = await place.sdk.transaction((uow) =>
      jobs(place.sdk)
        .rename(id, 'Florist', { uow })
        .andThen(() => err('changed my mind')),
    );
    expect(undone._unsafeUnwrapErr()).toBe('changed my mind');
    expect(await titleSeenBy(place.sdk)).toBe('Gardener');
    expect(place.sdk.cache.stats().loads).toBe(loads);
  });

  it('shows a unit of work what it has written itself, and nobody else', async () => {
    await titleSeenBy(place.sdk);
    const seen = await place.sdk.transaction((uow) =>
      jobs(place.sdk)
        .rename(id, 'Florist', { uow })
        .andThen(() => jobs(place.sdk).find(id, { uow }))
        .andThen((inside) => err(inside?.title)),
    );
    expect(seen._unsafeUnwrapErr()).toBe('Florist');
    expect(await titleSeenBy(place.sdk)).toBe('Gardener');
  });

  it('answers typed errors for what the database refuses', async () => {
    const refused = await place.sdk.transaction((uow) => jobs(place.sdk).rename(id, '', { uow }));
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      type: 'ConstraintViolation',
      operation: 'jobs.rename',
      constraint: 'host_job_title',
    });
    await using readOnly = place.sdk.unitOfWork({ readOnly: true });
    const forbidden = await jobs(place.sdk).rename(id, 'Florist', { uow: readOnly });
    expect(forbidden._unsafeUnwrapErr()).toMatchObject({ type: 'UnitOfWorkState', state: 'read-only' });
    expect(await titleSeenBy(place.sdk)).toBe('Gardener');
  });

  it('throws where the programmer is wrong: an unknown schema, a unit of work from elsewhere', async () => {
    const OtherRow = defineEntity({ name: 'Other', properties: { id: p.integer().primary() } });
    expect(() => place.sdk.rows(OtherRow)).toThrow(
      new TypeError('Other is not registered: name it in database.rows'),
    );
    await using elsewhere = createInMemorySlotwise();
    await using uow = elsewhere.unitOfWork();
    const rows = jobsOf(place.sdk.rows(JobRow), place.schema ?? 'public');
    expect(() => rows.rename(id, 'Florist', { uow })).toThrow(TypeError);
    expect(() => elsewhere.rows(JobRow)).toThrow(TypeError);
  });

  it('refuses schemas that are none, or that are called like its own', async () => {
    const opened = async (rows: unknown): Promise<unknown> => {
      const options = { database: { embedded: true, rows } } as SlotwiseOptions;
      return (await createSlotwise(options)).mapErr(({ type, ...rest }) => ({ type, ...rest }));
    };
    expect(await opened([{ name: 'job' }])).toMatchObject({
      error: { type: 'Config', key: 'database.rows.0' },
    });
    const Slot = defineEntity({ name: 'slot', properties: { id: p.integer().primary() } });
    expect(await opened([Slot])).toMatchObject({ error: { type: 'Config', key: 'database.rows' } });
  });
}

describeWithServers('rows of the host on PostgreSQL and Redis', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());

  itKnowsTheHostsRows(async () => {
    const database = stack.use(new ScratchDatabase());
    const prefix = stack.use(new ScratchPrefix());
    const open = async (): Promise<Slotwise> =>
      stack.use(
        (
          await createSlotwise({
            database: { ...database.options, rows: [JobRow] },
            cache: prefix.options,
          })
        )._unsafeUnwrap(),
      );
    const sdk = await open();
    (await sdk.migrate())._unsafeUnwrap();
    await database.rows(createTable('$schema'));
    return { sdk, other: await open(), schema: database.schema };
  });
});

describe('rows that a lent MikroORM knows as well', () => {
  let orm: MikroORM;
  let sdk: Slotwise;
  afterAll(async () => {
    await sdk.close().unwrapOr(undefined);
    await orm.close();
  });

  itKnowsTheHostsRows(async () => {
    orm = (await PGliteORM.init({
      entities: [JobRow],
      driverOptions: { extensions: { btree_gist: btreeGist } },
    })) as unknown as MikroORM;
    await orm.em.getConnection().execute(createTable('public'));
    sdk = (
      await createSlotwise({ database: { orm, rows: [JobRow] }, cache: { l1: { maxEntries: 100 } } })
    )._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    return { sdk, other: sdk };
  });

  it('stay what they are for the host', async () => {
    const found = await orm.em.fork().find(JobRow, {});
    expect(found.length).toBeGreaterThan(0);
  });
});
