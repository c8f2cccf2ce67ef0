import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Cache } from '../../../application/ports/cache.ts';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';
import { heldLoad } from './held-load.ts';

type Change = (cache: Cache, key: string) => ResultAsync<void, unknown>;

const failing = () => Promise.resolve(err({ type: 'Refused' } as const));

/** When something is loaded, for whom, and what is kept of it. */
export function cacheLoadsContract(test: CacheTest): void {
  test('loads what it does not have, and answers it from then on', async (cache) => {
    const key = `${unique('board')}:1`;
    let loads = 0;
    const load = () => okAsync({ loads: (loads += 1) });
    // What is loaded may be stored behind its answer: the next load finds it, and so does all that follows.
    for (const options of [{}, { refreshEarly: true, loadLock: true, ttlMs: 60_000 }, {}])
      assert.deepEqual(await expectOk(cache.getOrLoad(key, load, options)), { loads: 1 });
    assert.deepEqual(await expectOk(cache.get(key)), { loads: 1 });
    assert.equal(await expectOk(cache.exists(key)), true);
    const list = `${unique('list')}:1`;
    for (let times = 0; times < 2; times += 1)
      assert.deepEqual(
        await expectOk(cache.list(list, () => okAsync<readonly number[]>([(loads += 1)]))),
        [2],
      );
  });

  test('answers what was set without loading', async (cache) => {
    const key = `${unique('board')}:1`;
    await expectOk(cache.set(key, 'set'));
    assert.equal(await expectOk(cache.getOrLoad(key, () => okAsync('loaded'))), 'set');
  });

  test('loads once for all who ask at the same time, and for each key by itself', async (cache) => {
    const family = unique('herd');
    const calls: string[] = [];
    const read = (key: string) => {
      const load = async (): Promise<Result<string, never>> => {
        calls.push(key);
        await sleep(20);
        return ok(`loaded ${key}`);
      };
      return expectOk(cache.getOrLoad(`${family}:${key}`, load));
    };
    const answers = await Promise.all(['a', 'b', 'a', 'a', 'b'].map(read));
    assert.deepEqual(
      answers,
      ['a', 'b', 'a', 'a', 'b'].map((key) => `loaded ${key}`),
    );
    assert.deepEqual(calls.toSorted(), ['a', 'b']);
  });

  test('keeps no error, neither one that was answered nor one that was thrown', async (cache) => {
    const key = `${unique('failing')}:1`;
    await expectErr(cache.getOrLoad(key, failing), 'Refused');
    assert.equal(await expectOk(cache.get(key)), undefined);
    await expectErr(
      cache.getOrLoad<never, never>(key, () => Promise.reject(new Error('boom'))),
      'Unexpected',
    );
    assert.equal(await expectOk(cache.exists(key)), false);
    await expectOk(cache.getOrLoad(key, () => okAsync('recovered')));
    assert.equal(await expectOk(cache.getOrLoad(key, failing)), 'recovered');
  });

  for (const [how, change] of [
    ['deleted', (cache, key) => cache.delete(key)],
    ['invalidated', (cache, key) => cache.invalidate({ key })],
    ['cleared', (cache) => cache.clear()],
  ] satisfies readonly (readonly [string, Change])[])
    test(`does not keep what was being loaded while its key was ${how}, nor give it to who asks later`, async (cache) => {
      const key = `${unique('late')}:1`;
      const old = heldLoad('old');
      const early = expectOk(cache.getOrLoad(key, old.load));
      await old.started();
      await expectOk(change(cache, key));
      const fresh = heldLoad('new');
      const late = expectOk(cache.getOrLoad(key, fresh.load));
      await fresh.started();
      old.finish();
      assert.equal(await early, 'old');
      assert.equal(await expectOk(cache.get(key)), undefined);
      fresh.finish();
      assert.equal(await late, 'new');
      assert.equal(await expectOk(cache.getOrLoad(key, () => okAsync('again'))), 'new');
      assert.deepEqual([old.calls(), fresh.calls()], [1, 1]);
    });

  test('never answers what was being loaded when something else was set', async (cache) => {
    const key = `${unique('late')}:1`;
    const { load, started, finish } = heldLoad('loaded');
    const early = expectOk(cache.getOrLoad(key, load));
    await started();
    await expectOk(cache.set(key, 'set'));
    assert.equal(await expectOk(cache.get(key)), 'set');
    finish();
    assert.equal(await early, 'loaded');
    for (const waitMs of [0, 20]) {
      await sleep(waitMs);
      // A cache may forget at any time, but what it answers is what was set last.
      assert.equal((await expectOk(cache.get<string>(key))) ?? 'set', 'set');
    }
  });
}
