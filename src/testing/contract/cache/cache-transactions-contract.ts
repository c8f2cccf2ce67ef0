import assert from 'node:assert/strict';
import { err, ok, okAsync } from 'neverthrow';
import type { Cache, CacheDependencies } from '../../../application/ports/cache.ts';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { City } from '../../../domain/city/city.ts';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk } from '../outcome.ts';
import type { CacheSubject, CacheTest } from './cache-subject.ts';

type Open = NonNullable<CacheSubject['unitOfWork']>;

const refusal = { type: 'ChangedMyMind' } as const;

const refuse = () => err(refusal);

const addCity = (uow: UnitOfWork) => uow.cities.add({ name: unique('City'), timeZone: 'UTC' });

/** A city of nobody else's, which no other test has changed. */
async function committedCity(unitOfWork: Open): Promise<City> {
  const uow = await unitOfWork();
  const city = await expectOk(addCity(uow));
  await expectOk(uow.commit());
  return city;
}

/** Three entries, one for each way to name them, and which of them are left. */
async function seedEntries(cache: Cache) {
  const [plain, family, anchor] = [`${unique('plain')}:1`, unique('family'), unique('anchor')];
  await expectOk(cache.set(plain, 1));
  await expectOk(cache.set(`${family}:1`, 2));
  await expectOk(cache.set(`${family}:2`, 3, { anchors: [anchor] }));
  const left = async (): Promise<readonly unknown[]> => [
    ...(await expectOk(cache.getMany([plain, `${family}:1`]))).values(),
    ...(await expectOk(cache.getMany([`${family}:2`], { anchors: [anchor] }))).values(),
  ];
  return { plain, family, anchor, left };
}

/** Entries of the host and units of work. */
export function cacheTransactionsContract(declare: CacheTest, unitOfWork: Open): void {
  /** Ends the unit of work whatever happens: one that stays open may keep the only connection there is. */
  const test = (name: string, body: (cache: Cache, uow: UnitOfWork) => Promise<void>): void =>
    declare(name, async (cache) => {
      const uow = await unitOfWork();
      try {
        await body(cache, uow);
      } finally {
        await uow[Symbol.asyncDispose]();
      }
    });

  test('drops what a unit of work has named with its commit, and not before', async (cache, uow) => {
    const { plain, family, anchor, left } = await seedEntries(cache);
    await expectOk(cache.invalidate(plain, { uow }));
    await expectOk(cache.invalidate([{ anchor }], { uow }));
    assert.deepEqual(await left(), [1, 2, 3]);
    assert.deepEqual(await expectOk(uow.commit()), { invalidation: 'applied' });
    assert.deepEqual(await left(), [2]);
    await expectOk(cache.invalidate(`${family}:*`));
    assert.deepEqual(await left(), []);
  });

  test('drops nothing for a unit of work that is rolled back', async (cache, uow) => {
    const { plain, family, anchor, left } = await seedEntries(cache);
    await expectOk(addCity(uow));
    await expectOk(cache.invalidate([plain, { family }, { anchor }], { uow }));
    await expectOk(uow.rollback());
    assert.deepEqual(await left(), [1, 2, 3]);
  });

  test('forgets what was named in a savepoint that was rolled back', async (cache, uow) => {
    const { plain, family, anchor, left } = await seedEntries(cache);
    await expectErr(
      uow.savepoint(async (inner) => {
        await expectOk(cache.invalidate(`${family}:*`, { uow: inner }));
        return refuse();
      }),
      'ChangedMyMind',
    );
    await expectOk(
      uow.savepoint(async (inner) => {
        await expectOk(cache.invalidate(plain, { uow: inner }));
        return ok();
      }),
    );
    uow.invalidate(...(await expectOk(cache.anchorsOf({ anchor }))));
    await expectOk(uow.commit());
    assert.deepEqual(await left(), [2]);
  });

  test('answers at once what is wrong with a name, and the unit of work goes on without it', async (cache, uow) => {
    const { plain, left } = await seedEntries(cache);
    const family = unique('nobody knows');
    await expectErr(cache.invalidate([plain, { family }], { uow }), 'UnknownFamily', { family });
    await expectErr(cache.invalidate([plain, { anchor: '' }], { uow }), 'Validation');
    await expectOk(uow.commit());
    assert.deepEqual(await left(), [1, 2, 3]);
  });

  test('drops what depends on what the SDK has written, once it is committed', async (cache, uow) => {
    const city = await committedCity(unitOfWork);
    const key = `${unique('city')}:1`;
    const anchors = [`city:${city.id}`];
    const found = () => expectOk(cache.get(key, { anchors }));
    const archive = (inner: UnitOfWork) => inner.cities.update(city.archive());
    await expectOk(cache.set(key, 'stored', { anchors }));
    await expectErr(
      uow.savepoint((inner) => archive(inner).andThen(refuse)),
      'ChangedMyMind',
    );
    assert.equal(await found(), 'stored');
    await expectOk(archive(uow));
    assert.equal(await found(), 'stored');
    await expectOk(uow.commit());
    assert.equal(await found(), undefined);
  });

  test('drops what depends on free slots when who offers them is archived', async (cache, uow) => {
    const city = await committedCity(unitOfWork);
    const key = `${unique('offers')}:1`;
    const anchors = [`slots:free:city:${city.id}`];
    await expectOk(cache.set(key, 'stored', { anchors }));
    await expectOk(uow.cities.update(city.archive()));
    await expectOk(uow.commit());
    assert.equal(await expectOk(cache.get(key, { anchors })), undefined);
  });

  test('never keeps what was loaded through a unit of work', async (cache, uow) => {
    const family = unique('inside');
    const inside = (key: string) => cache.getOrLoad(`${family}:${key}`, () => okAsync('inside'), { uow });
    assert.equal(await expectOk(inside('before')), 'inside');
    await expectOk(addCity(uow));
    assert.equal(await expectOk(inside('after')), 'inside');
    assert.deepEqual(
      await expectOk(cache.list(`${family}:list`, () => okAsync<readonly number[]>([1]), { uow })),
      [1],
    );
    await expectOk(uow.commit());
    const keys = ['before', 'after', 'list'].map((key) => `${family}:${key}`);
    assert.deepEqual(await expectOk(cache.getMany(keys)), new Map());
  });

  test('answers no unit of work what that has changed itself', async (cache, uow) => {
    const city = await committedCity(unitOfWork);
    const { plain, anchor } = await seedEntries(cache);
    const key = `${unique('city')}:1`;
    const anchors = [`city:${city.id}`];
    await expectOk(cache.set(key, 'stored', { anchors }));
    const read = (name: string, options: CacheDependencies = {}) =>
      expectOk(cache.getOrLoad(name, () => okAsync<unknown>('loaded'), { ...options, uow }));
    await expectOk(uow.cities.update(city.archive()));
    assert.equal(await read(key, { anchors }), 'loaded');
    assert.equal(await read(plain), 1);
    await expectOk(cache.invalidate([plain, { anchor }], { uow }));
    assert.equal(await read(plain), 'loaded');
    await expectOk(uow.rollback());
    assert.equal(await expectOk(cache.get(key, { anchors })), 'stored');
    assert.equal(await expectOk(cache.get(plain)), 1);
  });

  test('answers no unit of work what that has named, also before it has written anything', async (cache, uow) => {
    const { plain, family, anchor, left } = await seedEntries(cache);
    const read = (name: string, options: CacheDependencies = {}) =>
      expectOk(cache.getOrLoad(name, () => okAsync<unknown>('loaded'), { ...options, uow }));
    uow.invalidate(anchor);
    assert.equal(await read(`${family}:2`, { anchors: [anchor] }), 'loaded');
    assert.equal(await read(plain), 1);
    await expectOk(cache.invalidate(plain, { uow }));
    assert.equal(await read(plain), 'loaded');
    assert.equal(await read(`${family}:1`), 2);
    await expectOk(uow.rollback());
    assert.deepEqual(await left(), [1, 2, 3]);
  });
}
