import assert from 'node:assert/strict';
import { okAsync } from 'neverthrow';
import type { Cache, CacheDependencies, InvalidationTarget } from '../../../application/ports/cache.ts';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

/** Entries by their keys, and what each depends on. */
type Entries = Readonly<Record<string, CacheDependencies>>;

interface Case {
  readonly targets: InvalidationTarget | readonly InvalidationTarget[];
  readonly dropped: readonly string[];
}

async function store(cache: Cache, entries: Entries): Promise<void> {
  for (const [key, dependencies] of Object.entries(entries))
    await expectOk(cache.set(key, `value of ${key}`, dependencies));
}

async function left(cache: Cache, entries: Entries): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const [key, dependencies] of Object.entries(entries))
    if (await expectOk(cache.exists(key, dependencies))) keys.push(key);
  return keys;
}

/** What is dropped, and what is not. */
export function cacheInvalidationContract(test: CacheTest): void {
  test('drops the keys, families and anchors that are named, and nothing else', async (cache) => {
    const [one, other] = [unique('one'), unique('other')];
    const [group, anchor] = [unique('group'), unique('anchor')];
    const entries: Entries = {
      [one]: {},
      [`${one}:1`]: {},
      [`${one}:2`]: { families: [group] },
      [`${one}:3`]: { anchors: [anchor, `${anchor}:5`] },
      [`${one}0:1`]: {},
      [`${other}:1`]: { families: [group, `${group}0`] },
      [`${other}:2`]: { families: [`${group}0`], anchors: [`${anchor}:5`] },
      [`${other}:3`]: { anchors: [anchor] },
    };
    const ofOne = [one, `${one}:1`, `${one}:2`, `${one}:3`];
    const ofOther = [`${other}:1`, `${other}:2`, `${other}:3`];
    const cases: readonly Case[] = [
      { targets: `${one}:1`, dropped: [`${one}:1`] },
      { targets: { key: `${one}:2` }, dropped: [`${one}:2`] },
      { targets: one, dropped: [one] },
      { targets: `${one}:*`, dropped: ofOne },
      { targets: { family: one }, dropped: ofOne },
      { targets: { family: group }, dropped: [`${one}:2`, `${other}:1`] },
      { targets: `${group}0:*`, dropped: [`${other}:1`, `${other}:2`] },
      { targets: { anchor }, dropped: [`${one}:3`, `${other}:3`] },
      { targets: { anchor: `${anchor}:5` }, dropped: [`${one}:3`, `${other}:2`] },
      { targets: [{ anchor }, `${one}0:1`, `${other}:*`], dropped: [`${one}:3`, `${one}0:1`, ...ofOther] },
      { targets: { anchor: unique('of nobody') }, dropped: [] },
      { targets: [], dropped: [] },
    ];
    for (const { targets, dropped } of cases) {
      await store(cache, entries);
      const all = await left(cache, entries);
      assert.equal(all.length, 8);
      await expectOk(cache.invalidate(targets));
      const expected = all.filter((key) => !dropped.includes(key));
      assert.deepEqual(await left(cache, entries), expected, JSON.stringify(targets));
    }
  });

  test('has an entry only for who names what it depends on, in any order', async (cache) => {
    const key = `${unique('plan')}:1`;
    const anchors = [unique('a'), unique('b')];
    const families = [unique('c'), unique('d')];
    await expectOk(cache.set(key, 'depends on nothing'));
    for (const others of [{ anchors }, { families }, { anchors, families }])
      assert.equal(await expectOk(cache.get(key, others)), undefined);
    const read = (answer: string, dependencies: CacheDependencies) =>
      expectOk(cache.getOrLoad(key, () => okAsync(answer), dependencies));
    assert.equal(await read('depends', { anchors, families }), 'depends');
    const reversed = { anchors: anchors.toReversed(), families: families.toReversed() };
    assert.equal(await read('depends anew', reversed), 'depends');
    assert.equal(await expectOk(cache.get(key, reversed)), 'depends');
    assert.equal(await expectOk(cache.get(key, { anchors: families, families: anchors })), undefined);
    assert.equal(await expectOk(cache.get(key)), 'depends on nothing');
  });

  test('drops what was loaded as what was set', async (cache) => {
    const key = `${unique('board')}:1`;
    const anchors = [unique('anchor')];
    let loads = 0;
    const read = () => expectOk(cache.getOrLoad(key, () => okAsync((loads += 1)), { anchors }));
    for (const target of [key, { family: key.slice(0, -2) }, { anchor: anchors[0] ?? '' }]) {
      const before = await read();
      assert.equal(await read(), before);
      await expectOk(cache.invalidate(target));
      assert.equal(await read(), before + 1);
    }
  });

  test('answers UnknownFamily for one that nobody declared or used, until somebody does', async (cache) => {
    const [family, used] = [unique('declared'), unique('used')];
    const unknown = { type: 'UnknownFamily', family } as const;
    for (const target of [`${family}:*`, { family }]) {
      assert.deepEqual(await expectErr(cache.invalidate(target), 'UnknownFamily'), unknown);
      assert.deepEqual(await expectErr(cache.anchorsOf(target), 'UnknownFamily'), unknown);
    }
    cache.declareFamilies(family, unique('another'));
    await expectOk(cache.invalidate([`${family}:*`, { family }]));
    await expectErr(cache.invalidate({ family: used }), 'UnknownFamily');
    await expectOk(cache.get(`${used}:1`));
    await expectOk(cache.invalidate({ family: used }));
    // The SDK's own are known without that.
    for (const own of ['recruiters', 'cities', 'slots', 'candidates'])
      await expectOk(cache.invalidate({ family: own }));
  });

  test('drops with a family of the SDK what depends on one of its anchors, and nothing else', async (cache) => {
    const key = unique('of the SDK');
    // Of rows that nobody else has: what a version conflict was about is not found until it is loaded.
    const id = unique('id');
    const entries: Entries = {
      [`${key}:recruiter`]: { anchors: [`recruiter:${id}`] },
      [`${key}:recruiters`]: { anchors: [unique('anchor'), `recruiters:city:${id}`] },
      [`${key}:city`]: { anchors: [`city:${id}`] },
      [`${key}:slots`]: { anchors: [`slot:${id}`, `slots:free:recruiter:${id}`] },
      [`${key}:candidate`]: { anchors: [`candidate:telegram:${id}`, `city:${id}`] },
      [`${key}:none`]: { anchors: [`recruited:${id}`], families: ['recruiters'] },
    };
    const all = Object.keys(entries);
    for (const [family, ...dropped] of [
      ['cities', 'city', 'candidate'],
      ['slots', 'slots'],
      ['candidates', 'candidate'],
    ]) {
      await store(cache, entries);
      await expectOk(cache.invalidate({ family: family ?? '' }));
      const expected = all.filter((name) => !dropped.some((one) => name === `${key}:${one}`));
      assert.deepEqual(await left(cache, entries), expected, family);
    }
    await store(cache, entries);
    await expectOk(cache.invalidate({ anchor: 'recruiters' }));
    assert.deepEqual(await left(cache, entries), all.slice(2));
  });

  test('names the anchors that an invalidation raises, which drop the same when they are named', async (cache) => {
    const [family, group, anchor] = [unique('job'), unique('group'), unique('anchor')];
    const entries: Entries = {
      [`${family}:1`]: {},
      [`${family}:2`]: { families: [group] },
      [`${family}:3`]: { anchors: [anchor] },
      [`${unique('other')}:1`]: {},
    };
    const all = Object.keys(entries);
    await store(cache, entries);
    assert.deepEqual(await expectOk(cache.anchorsOf({ anchor })), [anchor]);
    assert.deepEqual(await expectOk(cache.anchorsOf([])), []);
    for (const [target, expected] of [
      [`${family}:1`, all.slice(1)],
      [{ family: group }, all.slice(2)],
      [[{ anchor }, `${family}:*`], all.slice(3)],
    ] as const) {
      const anchors = await expectOk(cache.anchorsOf(target));
      // Asking names them, and drops nothing yet.
      assert.notDeepEqual(await left(cache, entries), expected);
      await expectOk(cache.invalidate(anchors.map((name) => ({ anchor: name }))));
      assert.deepEqual(await left(cache, entries), expected);
    }
  });

  test('drops nothing of many when one of them is refused or unknown, and replaces nothing', async (cache) => {
    const family = unique('refused');
    const [key, other] = [`${family}:1`, `${family}:2`];
    const unknown = unique('nobody knows');
    await expectOk(
      cache.setMany([
        [key, 1],
        [other, 2],
      ]),
    );
    await expectErr(cache.deleteMany([key, 'a*']), 'Validation');
    for (const wrong of [
      '',
      { anchor: '' },
      `${unknown}:*`,
      { family: unknown },
    ] satisfies InvalidationTarget[])
      assert.ok((await cache.invalidate([key, wrong, other])).isErr());
    await expectErr(cache.set(key, undefined), 'Validation');
    await expectErr(cache.set(key, 3, { ttlMs: 0 }), 'Validation');
    assert.deepEqual([...(await expectOk(cache.getMany([key, other]))).values()], [1, 2]);
  });
}
