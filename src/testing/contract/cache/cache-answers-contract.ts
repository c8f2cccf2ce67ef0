import assert from 'node:assert/strict';
import { err, okAsync, type Result } from 'neverthrow';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

/** A load that does not keep to its type. */
const forgetful = () => Promise.resolve('no Result') as unknown as Promise<Result<string, never>>;

/** What holds for every cache, also for one that keeps nothing. */
export function cacheAnswersContract(test: CacheTest): void {
  test('answers that there is nothing where nothing was stored, and drops nothing without complaint', async (cache) => {
    const family = unique('nothing');
    const keys = [`${family}:1`, `${family}:2`];
    assert.equal(await expectOk(cache.get(`${family}:1`)), undefined);
    assert.equal(await expectOk(cache.exists(`${family}:1`)), false);
    assert.deepEqual(await expectOk(cache.getMany(keys)), new Map());
    assert.deepEqual(await expectOk(cache.getMany([])), new Map());
    for (const drop of [
      () => cache.delete(`${family}:1`),
      () => cache.deleteMany(keys),
      () => cache.deleteMany([]),
      () => cache.setMany([]),
      () => cache.invalidate([]),
      () => cache.invalidate(keys),
      () => cache.invalidate({ family }),
      () => cache.invalidate({ anchor: unique('anchor') }),
    ])
      assert.equal(await expectOk(drop()), undefined);
  });

  test('answers what is loaded, absence too', async (cache) => {
    const family = unique('loaded');
    for (const [index, value] of ['text', 0, false, '', { id: 7 }, undefined, null].entries())
      assert.deepEqual(await expectOk(cache.getOrLoad(`${family}:${index}`, () => okAsync(value))), value);
    assert.deepEqual(
      await expectOk(cache.list(`${family}:list`, () => okAsync<readonly number[]>([1, 2]))),
      [1, 2],
    );
    assert.deepEqual(await expectOk(cache.list(`${family}:none`, () => okAsync<readonly number[]>([]))), []);
  });

  test('answers the error of a load as it is, and asks again the next time', async (cache) => {
    const key = `${unique('failing')}:1`;
    const refused = { type: 'Refused', detail: Symbol('kept as it is') } as const;
    for (const read of [
      () => cache.getOrLoad(key, () => Promise.resolve(err(refused))),
      () => cache.list(key, () => Promise.resolve(err(refused))),
    ])
      assert.equal(await expectErr(read(), 'Refused'), refused);
    assert.equal(await expectOk(cache.getOrLoad(key, () => okAsync('recovered'))), 'recovered');
  });

  test('answers Unexpected, with the cause, when a load throws, rejects or answers no Result', async (cache) => {
    const key = `${unique('throwing')}:1`;
    const cause = new RangeError('boom');
    for (const load of [
      () => {
        throw cause;
      },
      () => Promise.reject(cause),
    ]) {
      const error = await expectErr(cache.getOrLoad<never, never>(key, load), 'Unexpected');
      assert.equal(error.cause, cause);
      assert.equal(error.message, 'boom');
    }
    await expectErr(cache.getOrLoad(key, forgetful), 'Unexpected');
    await expectErr(
      cache.list<never, never>(key, () => Promise.reject(cause)),
      'Unexpected',
    );
    assert.equal(await expectOk(cache.getOrLoad(key, () => okAsync('recovered'))), 'recovered');
  });

  test('answers a ping and what it has done', async (cache) => {
    assert.ok((await expectOk(cache.ping())) >= 0);
    const { hitRate, misses, loads } = cache.stats();
    for (const number of [hitRate, misses, loads]) assert.ok(number >= 0);
  });
}
