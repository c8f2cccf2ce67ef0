import assert from 'node:assert/strict';
import { okAsync } from 'neverthrow';
import { unique } from '../../seeds/unique.ts';
import { expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

/** The switch and the numbers. */
export function cacheSwitchContract(test: CacheTest): void {
  test('answers nothing while it is disabled, loads each time, and hears of what is dropped', async (cache) => {
    const family = unique('switch');
    const [kept, dropped] = [`${family}:kept`, `${family}:dropped`];
    await expectOk(cache.setMany([kept, dropped].map((key) => [key, 'stored'])));
    let loads = 0;
    const read = () => expectOk(cache.getOrLoad(kept, () => okAsync((loads += 1))));
    cache.disable();
    try {
      assert.equal(cache.enabled, false);
      assert.equal(cache.stats().state, 'off');
      assert.equal(await expectOk(cache.get(kept)), undefined);
      assert.equal(await expectOk(cache.exists(kept)), false);
      assert.deepEqual([await read(), await read()], [1, 2]);
      await expectOk(cache.delete(dropped));
    } finally {
      cache.enable();
    }
    assert.equal(cache.enabled, true);
    assert.deepEqual([...(await expectOk(cache.getMany([kept, dropped])))], [[kept, 'stored']]);
    assert.equal(loads, 2);
  });

  test('counts what it answers, what it misses and what it loads', async (cache) => {
    const key = `${unique('counted')}:1`;
    const counted = () => {
      const { l1Hits, l2Hits, misses, loads } = cache.stats();
      return { hits: l1Hits + l2Hits, misses, loads };
    };
    const before = counted();
    for (let reads = 0; reads < 3; reads += 1) await expectOk(cache.getOrLoad(key, () => okAsync(1)));
    const { hits, misses, loads } = counted();
    assert.deepEqual([hits - before.hits, misses - before.misses, loads - before.loads], [2, 1, 1]);
  });
}
