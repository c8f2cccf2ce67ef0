import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, okAsync } from 'neverthrow';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

/** Short enough to wait for, and how long to wait: lifetimes may be spread by some percent. */
const SHORT_MS = 20;
const OVER_MS = 60;

const load = (answer: string) => () => okAsync(answer);

/** How long entries live. */
export function cacheLifetimesContract(test: CacheTest): void {
  test('lets go of an entry when its lifetime is over', async (cache) => {
    const family = unique('short');
    await expectOk(cache.set(`${family}:set`, 'set', { ttlMs: SHORT_MS }));
    await expectOk(cache.getOrLoad(`${family}:loaded`, load('first'), { ttlMs: SHORT_MS }));
    await expectOk(cache.set(`${family}:long`, 'long', { ttlMs: 60_000 }));
    await sleep(OVER_MS);
    const keys = ['set', 'loaded', 'long'].map((name) => `${family}:${name}`);
    assert.deepEqual([...(await expectOk(cache.getMany(keys))).values()], ['long']);
    assert.equal(await expectOk(cache.exists(`${family}:set`)), false);
    assert.equal(await expectOk(cache.getOrLoad(`${family}:loaded`, load('second'))), 'second');
  });

  test('keeps absence only if that is asked for, and as long as that', async (cache) => {
    const family = unique('absent');
    for (const absent of [undefined, null]) {
      let loads = 0;
      const read = (key: string, negativeTtlMs?: number) =>
        expectOk(
          cache.getOrLoad(
            `${family}:${absent}:${key}`,
            () => {
              loads += 1;
              return okAsync(absent);
            },
            negativeTtlMs === undefined ? {} : { negativeTtlMs },
          ),
        );
      for (const key of ['unasked', 'unasked']) assert.equal(await read(key), absent);
      assert.equal(loads, 2);
      for (const key of ['asked', 'asked', 'asked']) assert.equal(await read(key, 60_000), absent);
      assert.equal(loads, 3);
      assert.equal(await expectOk(cache.get(`${family}:${absent}:asked`)), undefined);
      assert.equal(await expectOk(cache.exists(`${family}:${absent}:asked`)), false);
      await read('briefly', SHORT_MS);
      await sleep(OVER_MS);
      await read('briefly', SHORT_MS);
      assert.equal(loads, 5);
    }
  });

  test('serves what has outlived its lifetime while its source is away, if it was given a grace period', async (cache) => {
    const family = unique('grace');
    const away = { type: 'Timeout', retryable: true } as const;
    const outage = () => Promise.resolve(err(away));
    const options = { ttlMs: SHORT_MS, graceMs: 60_000 };
    await expectOk(cache.getOrLoad(`${family}:kept`, () => okAsync('kept'), options));
    await expectOk(cache.getOrLoad(`${family}:gone`, () => okAsync('gone'), { ttlMs: SHORT_MS }));
    await sleep(OVER_MS);
    assert.equal(await expectOk(cache.get(`${family}:kept`)), undefined);
    assert.equal(await expectOk(cache.getOrLoad(`${family}:kept`, outage, options)), 'kept');
    await expectErr(cache.getOrLoad(`${family}:gone`, outage, { ttlMs: SHORT_MS }), 'Timeout');
    await expectOk(cache.invalidate(`${family}:kept`));
    await expectErr(cache.getOrLoad(`${family}:kept`, outage, options), 'Timeout');
  });
}
