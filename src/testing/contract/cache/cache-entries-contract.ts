import assert from 'node:assert/strict';
import { okAsync } from 'neverthrow';
import { unique } from '../../seeds/unique.ts';
import { expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

/** Entries by their keys. */
export function cacheEntriesContract(test: CacheTest): void {
  test('gives back what was set last, until it is deleted', async (cache) => {
    const key = `${unique('job')}:7`;
    await expectOk(cache.set(key, 'first'));
    assert.equal(await expectOk(cache.get(key)), 'first');
    await expectOk(cache.set(key, 'second'));
    assert.equal(await expectOk(cache.get(key)), 'second');
    assert.equal(await expectOk(cache.exists(key)), true);
    await expectOk(cache.delete(key));
    assert.equal(await expectOk(cache.get(key)), undefined);
    assert.equal(await expectOk(cache.exists(key)), false);
    await expectOk(cache.set(key, 'third'));
    assert.equal(await expectOk(cache.get(key)), 'third');
  });

  test('stores, finds and deletes many at once, in the order they were asked for and each once', async (cache) => {
    const family = unique('job');
    const key = (id: number): string => `${family}:${id}`;
    const entries = new Map<string, unknown>([
      [key(1), 1],
      [key(2), 'two'],
      [key(3), [3]],
    ]);
    await expectOk(cache.setMany(entries));
    const found = await expectOk(cache.getMany([key(3), key(9), key(1), key(3)]));
    assert.deepEqual(
      [...found],
      [
        [key(3), [3]],
        [key(1), 1],
      ],
    );
    await expectOk(cache.deleteMany([key(1), key(9), key(3)]));
    assert.deepEqual([...(await expectOk(cache.getMany([...entries.keys()])))], [[key(2), 'two']]);
  });

  test('tells every key from every other', async (cache) => {
    const name = unique('key');
    const endings = ['', ' ', ':', ':1', ':1:', ':01', ':A', ':a', ':é', ':e\u0301', '#', '/', '%3A1', ':👩‍👩‍👧'];
    const keys = [
      ...endings.map((ending) => name + ending),
      `${name}:`.padEnd(512, 'x'),
      `__proto__:${name}`,
    ];
    await expectOk(cache.setMany(keys.map((key, index) => [key, index])));
    assert.deepEqual(
      [...(await expectOk(cache.getMany(keys)))],
      keys.map((key, index) => [key, index]),
    );
    const [gone, ...others] = keys;
    await expectOk(cache.delete(gone ?? ''));
    assert.deepEqual([...(await expectOk(cache.getMany(keys))).keys()], others);
  });

  test('deletes an entry whatever it depends on', async (cache) => {
    const key = `${unique('plan')}:1`;
    const dependencies = { anchors: [unique('anchor')], families: [unique('family')] };
    await expectOk(cache.set(key, 'depending', dependencies));
    await expectOk(cache.set(key, 'on its own'));
    await expectOk(cache.delete(key));
    assert.equal(await expectOk(cache.get(key, dependencies)), undefined);
    assert.equal(await expectOk(cache.get(key)), undefined);
  });

  test('drops everything when it is cleared, set and loaded, and stores again afterwards', async (cache) => {
    const keys = [`${unique('job')}:1`, unique('flag'), `${unique('board')}:1`] as const;
    const [first, second, loaded] = keys;
    const anchors = [unique('anchor')];
    await expectOk(cache.set(first, 1, { anchors }));
    await expectOk(cache.set(second, 2));
    await expectOk(cache.getOrLoad(loaded, () => okAsync(3)));
    await expectOk(cache.clear());
    assert.equal(await expectOk(cache.get(first, { anchors })), undefined);
    assert.deepEqual(await expectOk(cache.getMany(keys)), new Map());
    assert.equal(await expectOk(cache.getOrLoad(loaded, () => okAsync(4))), 4);
    await expectOk(cache.set(second, 5));
    assert.deepEqual([...(await expectOk(cache.getMany(keys))).values()], [5, 4]);
  });
}
