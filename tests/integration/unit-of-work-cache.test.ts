import { MikroORM } from '@mikro-orm/pglite';
import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist';
import { err } from 'neverthrow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSlotwise, type City, type Slotwise, type UnitOfWork } from '../../src/index.ts';

/** A unit of work over PGlite with the cache in this process, where every step can be watched. */
describe('a unit of work and the cache', () => {
  let host: MikroORM;
  let sdk: Slotwise;
  let elsewhere: Slotwise;
  let statements: string[] = [];
  let sources: string[] = [];
  let cities = 0;

  beforeAll(async () => {
    host = await MikroORM.init({
      entities: [],
      discovery: { warnWhenNoEntities: false },
      driverOptions: { extensions: { btree_gist: btreeGist } },
    });
    const database = { orm: host };
    const instrumentation = {
      statement: ({ operation }: { operation: string }) => statements.push(operation),
      cacheRead: ({ source }: { source: string }) => sources.push(source),
    };
    sdk = (
      await createSlotwise({ database, cache: { l1: { maxEntries: 100 } }, instrumentation })
    )._unsafeUnwrap();
    // Another process that changes the same data, and of which this one hears nothing.
    elsewhere = (await createSlotwise({ database, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
  });

  afterAll(async () => {
    (await elsewhere.close())._unsafeUnwrap();
    (await sdk.close())._unsafeUnwrap();
    await host.close();
  });

  beforeEach(() => {
    statements = [];
    sources = [];
  });

  async function newCity(): Promise<City> {
    cities += 1;
    const name = `City ${cities}`;
    return (await sdk.transaction((uow) => uow.cities.add({ name, timeZone: 'UTC' })))._unsafeUnwrap();
  }

  const renamed = (city: City, name: string): City => city.rename(name)._unsafeUnwrap();
  const nameOf = async (city: City): Promise<string> =>
    (await sdk.read.cities.get(city.id))._unsafeUnwrap().name;

  it('takes no connection while all it reads is cached', async () => {
    const city = await newCity();
    await nameOf(city);
    statements = [];
    const uow = sdk.unitOfWork();
    expect((await uow.cities.get(city.id))._unsafeUnwrap().name).toBe(city.name);
    expect((await uow.commit())._unsafeUnwrap()).toEqual({ invalidation: 'applied' });
    expect(statements).toEqual([]);
  });

  it('fills the cache by what it reads before its first write', async () => {
    const city = await newCity();
    const uow = sdk.unitOfWork();
    await uow.cities.find(city.id).unwrapOr(undefined);
    await uow.rollback().unwrapOr(undefined);
    sources = [];
    await nameOf(city);
    expect(sources).toEqual(['l1']);
  });

  it('sees its own writes, and nobody else does before the commit', async () => {
    const city = await newCity();
    await nameOf(city);
    const uow = sdk.unitOfWork();
    (await uow.cities.update(renamed(city, 'Seen inside')))._unsafeUnwrap();
    expect((await uow.cities.get(city.id))._unsafeUnwrap().name).toBe('Seen inside');
    expect(await nameOf(city)).toBe(city.name);
    (await uow.commit())._unsafeUnwrap();
    expect(await nameOf(city)).toBe('Seen inside');
  });

  it('leaves the cache alone where something was named, also before its first write', async () => {
    const [named, other] = [await newCity(), await newCity()];
    await nameOf(named);
    await nameOf(other);
    const elsewhereNamed = `${named.name} elsewhere`;
    (await elsewhere.transaction((uow) => uow.cities.update(renamed(named, elsewhereNamed))))._unsafeUnwrap();
    await using uow = sdk.unitOfWork();
    uow.invalidate(`city:${named.id}`);
    sources = [];
    expect((await uow.cities.get(named.id))._unsafeUnwrap().name).toBe(elsewhereNamed);
    const both = (await uow.cities.getMany([named.id, other.id]))._unsafeUnwrap();
    expect(both.get(named.id)?.name).toBe(elsewhereNamed);
    expect(sources).toEqual(['database', 'l1', 'database']);
    // Nothing is stored before the commit says so.
    expect(await nameOf(named)).toBe(named.name);
    (await uow.commit())._unsafeUnwrap();
    expect(await nameOf(named)).toBe(elsewhereNamed);
  });

  it('keeps what was cached when it is rolled back', async () => {
    const city = await newCity();
    await nameOf(city);
    const outcome = await sdk.transaction((uow) =>
      uow.cities
        .update(renamed(city, 'Never'))
        .andThen(() => uow.cities.get(city.id))
        .andThen(() => err('no')),
    );
    expect(outcome._unsafeUnwrapErr()).toBe('no');
    sources = [];
    expect(await nameOf(city)).toBe(city.name);
    expect(sources).toEqual(['l1']);
  });

  it('forgets what a savepoint changed when that is rolled back', async () => {
    const [kept, undone] = [await newCity(), await newCity()];
    await nameOf(kept);
    await nameOf(undone);
    const uow = sdk.unitOfWork();
    (await uow.cities.update(renamed(kept, `${kept.name} kept`)))._unsafeUnwrap();
    const savepoint = await uow.savepoint((inner) =>
      inner.cities.update(renamed(undone, 'Never')).andThen(() => err('no')),
    );
    expect(savepoint._unsafeUnwrapErr()).toBe('no');
    (await uow.commit())._unsafeUnwrap();
    sources = [];
    expect(await nameOf(kept)).toBe(`${kept.name} kept`);
    expect(await nameOf(undone)).toBe(undone.name);
    expect(sources).toEqual(['database', 'l1']);
  });

  it('invalidates what was written by a call that the commit was started together with', async () => {
    (await sdk.read.cities.getActive())._unsafeUnwrap();
    const uow = sdk.unitOfWork();
    const [added, committed] = await Promise.all([
      uow.cities.add({ name: 'Started together', timeZone: 'UTC' }),
      uow.commit(),
    ]);
    expect(committed.isOk()).toBe(true);
    const active = (await sdk.read.cities.getActive())._unsafeUnwrap();
    expect(active.map(({ id }) => id)).toContain(added._unsafeUnwrap().id);
  });

  it('invalidates what was written beside a savepoint that was undone', async () => {
    (await sdk.read.cities.getActive())._unsafeUnwrap();
    const uow = sdk.unitOfWork();
    const [added, undone, also] = await Promise.all([
      uow.cities.add({ name: 'Before the savepoint', timeZone: 'UTC' }),
      uow.savepoint((inner) =>
        inner.cities.add({ name: 'Never', timeZone: 'UTC' }).andThen(() => err('undone')),
      ),
      uow.cities.add({ name: 'Behind the savepoint', timeZone: 'UTC' }),
    ]);
    expect(undone._unsafeUnwrapErr()).toBe('undone');
    expect((await uow.commit())._unsafeUnwrap()).toEqual({ invalidation: 'applied' });
    const active = (await sdk.read.cities.getActive())._unsafeUnwrap().map(({ id }) => id);
    expect(active).toEqual(expect.arrayContaining([added._unsafeUnwrap().id, also._unsafeUnwrap().id]));
  });

  it('keeps what one of two savepoints did that were started together, when the other is undone', async () => {
    const uow = sdk.unitOfWork();
    const [undone, kept] = await Promise.all([
      uow.savepoint((inner) =>
        inner.cities.add({ name: 'Undone', timeZone: 'UTC' }).andThen(() => err('undone')),
      ),
      uow.savepoint((inner) => inner.cities.add({ name: 'Kept', timeZone: 'UTC' })),
    ]);
    expect(undone._unsafeUnwrapErr()).toBe('undone');
    (await uow.commit())._unsafeUnwrap();
    expect((await sdk.read.cities.find(kept._unsafeUnwrap().id))._unsafeUnwrap()?.name).toBe('Kept');
  });

  it('is rolled back, and its connection given back, when its work answers no Result', async () => {
    const forgotten = (async (uow: UnitOfWork) => {
      (await uow.cities.add({ name: 'Forgotten return', timeZone: 'UTC' }))._unsafeUnwrap();
    }) as unknown as Parameters<Slotwise['transaction']>[0];
    for (let times = 0; times < 3; times += 1)
      expect((await sdk.transaction(forgotten))._unsafeUnwrapErr()).toMatchObject({ type: 'Unexpected' });
    const names = (await sdk.read.cities.getActive())._unsafeUnwrap().map(({ name }) => name);
    expect(names).not.toContain('Forgotten return');
  });

  it.each(['repeatable read', 'serializable'] as const)(
    'leaves the cache alone under %s',
    async (isolation) => {
      const city = await newCity();
      const uow = sdk.unitOfWork({ isolation });
      (await uow.cities.get(city.id))._unsafeUnwrap();
      (await uow.commit())._unsafeUnwrap();
      await nameOf(city);
      expect(sources).toEqual(['database', 'database']);
      const again = sdk.unitOfWork({ isolation });
      (await again.cities.get(city.id))._unsafeUnwrap();
      (await again.rollback())._unsafeUnwrap();
      expect(sources).toEqual(['database', 'database', 'database']);
    },
  );

  it('runs afterCommit when the cache has been told', async () => {
    const city = await newCity();
    await nameOf(city);
    const uow = sdk.unitOfWork();
    (await uow.cities.update(renamed(city, `${city.name} new`)))._unsafeUnwrap();
    let seen = '';
    uow.afterCommit(async () => {
      seen = await nameOf(city);
    });
    (await uow.commit())._unsafeUnwrap();
    expect(seen).toBe(`${city.name} new`);
  });

  it('reads anew after a version conflict instead of answering what led to it', async () => {
    const city = await newCity();
    await nameOf(city);
    const moved = renamed(city, `${city.name} elsewhere`);
    (await elsewhere.transaction((uow) => uow.cities.update(moved)))._unsafeUnwrap();
    expect(await nameOf(city)).toBe(city.name);
    const late = await sdk.transaction((uow) => uow.cities.update(renamed(city, 'Too late')));
    expect(late._unsafeUnwrapErr()).toMatchObject({ type: 'StaleVersion', expected: 1, actual: 2 });
    expect(await nameOf(city)).toBe(`${city.name} elsewhere`);
  });

  it('answers nothing once it has ended, not even what is cached', async () => {
    const city = await newCity();
    await nameOf(city);
    const uow = sdk.unitOfWork();
    (await uow.commit())._unsafeUnwrap();
    expect((await uow.cities.get(city.id))._unsafeUnwrapErr()).toMatchObject({
      type: 'UnitOfWorkState',
      state: 'committed',
    });
  });
});
