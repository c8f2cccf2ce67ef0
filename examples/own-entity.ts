/** An entity of the host's own, in a table of its own: cached, invalidated and committed with the SDK's. */
import assert from 'node:assert/strict';
import { defineEntity, p } from '@mikro-orm/postgresql';
import { createSlotwise, err, withCache, type HostRows, type UnitOfWork } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';

const JobRow = defineEntity({
  name: 'job',
  properties: { id: p.integer().primary().autoincrement(), title: p.string(), cityId: p.integer() },
});

const jobsOf = (rows: HostRows<typeof JobRow>) => ({
  find: (id: number) =>
    rows.read('jobs.find', (db) => db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()),
  inCity: (cityId: number) =>
    rows.read('jobs.inCity', (db) => db.selectFrom('job').selectAll().where('cityId', '=', cityId).execute()),
  rename: (id: number, title: string, joined: { uow: UnitOfWork }) =>
    rows.write(
      'jobs.rename',
      (db) => db.updateTable('job').set({ title }).where('id', '=', id).execute(),
      joined,
    ),
});

const sdk = orThrow(await createSlotwise({ database: { embedded: true, rows: [JobRow] } }));
const jobs = withCache(jobsOf(sdk.rows(JobRow)), {
  cache: sdk.cache,
  find: { key: 'job:{arg1}', ttl: 600_000 },
  inCity: { key: 'jobs:city:{arg1}', ttl: 60_000 },
  invalidates: { rename: ['job:{arg1}', 'jobs:*'] },
});

// The table is the host's business: its own migrations make it.
orThrow(
  await sdk.transaction((uow) =>
    sdk.rows(JobRow).write(
      'jobs.create',
      async (db) => {
        await db.schema
          .createTable('job')
          .addColumn('id', 'serial', (id) => id.primaryKey())
          .addColumn('title', 'text', (title) => title.notNull())
          .addColumn('city_id', 'integer', (city) => city.notNull())
          .execute();
        await db.insertInto('job').values({ title: 'Gardener', cityId: 1 }).execute();
      },
      { uow },
    ),
  ),
);

const titles = async (): Promise<readonly (string | undefined)[]> => [
  orThrow(await jobs.find(1))?.title,
  ...orThrow(await jobs.inCity(1)).map(({ title }) => title),
];
const loads = (): number => sdk.cache.stats().loads;

assert.deepEqual(await titles(), ['Gardener', 'Gardener']);
const before = loads();
assert.deepEqual(await titles(), ['Gardener', 'Gardener']);
assert.equal(loads(), before, 'the second time both come from the cache');

// What is rolled back changes nothing, in the table or in the cache.
const undone = await sdk.transaction((uow) =>
  jobs.rename(1, 'Florist', { uow }).andThen(() => err('changed my mind')),
);
assert.equal(undone.isErr(), true);
assert.deepEqual(await titles(), ['Gardener', 'Gardener']);
assert.equal(loads(), before);

orThrow(await sdk.transaction((uow) => jobs.rename(1, 'Head gardener', { uow })));
assert.deepEqual(await titles(), ['Head gardener', 'Head gardener']);

orThrow(await sdk.close());
console.log('a job was read from the cache, and read anew once its change was committed');
