import assert from 'node:assert/strict';
import { okAsync } from 'neverthrow';
import type {
  Cache,
  CacheEntryOptions,
  CacheUnavailable,
  TargetError,
} from '../../../application/ports/cache.ts';
import type { UnexpectedError } from '../../../application/ports/unit-of-work.ts';
import { unique } from '../../seeds/unique.ts';
import { expectErr, expectOk, type Outcome } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

const DAY_MS = 86_400_000;

/** Names that no key, family or anchor may have. */
const refusedNames: readonly string[] = [
  '',
  'a*',
  '*',
  'a:*:b',
  'a{b}',
  'line\nbreak',
  'nul\0',
  'x'.repeat(513),
  'lone \uD800',
  7 as unknown as string,
];

/** Commits seldom raise them, so an entry that depended on one would outlive changes. */
const sdkFamilies: readonly string[] = ['recruiters', 'cities', 'slots', 'candidates'];

const refusedValues: readonly unknown[] = [
  undefined,
  null,
  () => 1,
  Symbol('no data'),
  Promise.resolve(1),
  new WeakMap(),
  new (class Job {
    readonly id = 7;
  })(),
  { deep: [{ inside: () => 1 }] },
  'x'.repeat(1_000_001),
];

const refusedOptions: readonly (readonly [field: keyof CacheEntryOptions, CacheEntryOptions])[] = [
  ...[0, -1, 1.5, Number.NaN, Infinity, 7 * DAY_MS + 1].map((ttlMs) => ['ttlMs', { ttlMs }] as const),
  ...[-1, 1.5, DAY_MS + 1].map((graceMs) => ['graceMs', { graceMs }] as const),
  ...[0, 1.5, 7 * DAY_MS + 1].map((negativeTtlMs) => ['negativeTtlMs', { negativeTtlMs }] as const),
  ...[...refusedNames, ...sdkFamilies].map((name) => ['anchors', { anchors: ['fine', name] }] as const),
  ...refusedNames.map((name) => ['families', { families: ['fine', name] }] as const),
];

/** A load that must not be made. */
const neverLoaded = () => assert.fail('it was loaded');

type CallError = TargetError | CacheUnavailable | UnexpectedError;

/** All that takes a key and does something with it. */
const calls = (cache: Cache, key: string): readonly (() => Outcome<unknown, CallError>)[] => [
  () => cache.get(key),
  () => cache.exists(key),
  () => cache.getMany(['fine', key]),
  () => cache.set(key, 1),
  () => cache.setMany([[key, 1]]),
  () => cache.delete(key),
  () => cache.deleteMany(['fine', key]),
  () => cache.getOrLoad(key, neverLoaded),
  () => cache.list(key, neverLoaded),
  () => cache.invalidate({ key }),
];

/** What cannot be meant is a `Validation` error, and then nothing was read, loaded, stored or dropped. */
export function cacheRefusalsContract(test: CacheTest): void {
  test('refuses what is no key, whatever is done with it', async (cache) => {
    for (const key of refusedNames)
      for (const call of calls(cache, key)) await expectErr(call(), 'Validation', { field: 'key' });
    for (const anchor of refusedNames)
      await expectErr(cache.invalidate({ anchor }), 'Validation', { field: 'anchor' });
    for (const target of ['', 'a*', { key: 'line\nbreak' }, { anchor: '' }])
      await expectErr(cache.anchorsOf(target), 'Validation');
  });

  test('refuses options that cannot be meant, and names the field', async (cache) => {
    const key = `${unique('refused')}:1`;
    for (const [field, options] of refusedOptions) {
      await expectErr(cache.set(key, 1, options), 'Validation', { field });
      await expectErr(cache.setMany([[key, 1]], options), 'Validation', { field });
      await expectErr(cache.getOrLoad<never, never>(key, neverLoaded, options), 'Validation', { field });
      if (field === 'anchors' || field === 'families')
        await expectErr(cache.getMany([key], options), 'Validation', { field });
    }
    assert.equal(await expectOk(cache.get(key)), undefined);
  });

  test('says what to name instead of a family of the SDK, whose names families of the host may have', async (cache) => {
    const key = `${unique('refused')}:1`;
    for (const [family, instead] of [
      ['recruiters', 'recruiters:list'],
      ['cities', 'cities:list'],
      ['slots', 'slots:free:city:<id>'],
      ['candidates', 'candidate:<id>'],
    ] as const) {
      const refused = await expectErr(cache.set(key, 1, { anchors: [family] }), 'Validation');
      assert.ok(refused.message.includes(instead), refused.message);
      const load = () => okAsync(family);
      assert.equal(await expectOk(cache.getOrLoad(key, load, { families: [family] })), family);
    }
  });

  test('refuses values that it could not give back, set or loaded', async (cache) => {
    const key = `${unique('refused')}:1`;
    for (const value of refusedValues) {
      const error = await expectErr(cache.set(key, value), 'Validation');
      assert.match(error.field, /^value/);
    }
    for (const value of refusedValues.slice(2, -1))
      await expectErr(
        cache.getOrLoad(key, () => okAsync(value)),
        'Validation',
      );
    assert.equal(await expectOk(cache.get(key)), undefined);
  });

  test('stores nothing of many when one of them is refused', async (cache) => {
    const family = unique('refused');
    const keys = [`${family}:1`, `${family}:2`, `${family}:3`] as const;
    for (const wrong of [
      [keys[1], undefined],
      ['', 2],
    ] as const)
      await expectErr(cache.setMany([[keys[0], 1], wrong, [keys[2], 3]]), 'Validation');
    assert.deepEqual(await expectOk(cache.getMany(keys)), new Map());
  });
}
