import assert from 'node:assert/strict';
import { okAsync } from 'neverthrow';
import { Instant } from '../../../domain/shared/instant.ts';
import { unique } from '../../seeds/unique.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import type { CacheTest } from './cache-subject.ts';

const instant = Instant.fromEpochMilliseconds(1_893_456_000_123);
const zoned = instant.toZonedDateTime('Europe/Kyiv');
const shared = { name: 'shared' };

/** Values of every kind that a cache keeps. */
const kinds: readonly (readonly [kind: string, value: unknown])[] = [
  ['nothing in it', ''],
  ['zero', 0],
  ['false', false],
  ['numbers JSON does not have', [Number.NaN, -0, Infinity, -Infinity, Number.MAX_SAFE_INTEGER]],
  ['absence inside', { none: null, missing: undefined, list: [undefined, null] }],
  ['hostile texts', hostileTexts],
  ['hostile keys', Object.fromEntries(hostileTexts.map((text, index) => [`${text}.`, index]))],
  ['a bigint', { big: -(2n ** 80n) }],
  ['dates', [new Date(0), new Date('2030-01-07T09:00:00.123Z')]],
  [
    'maps of maps',
    new Map<unknown, unknown>([
      [1, new Map([['a', new Date(1)]])],
      [2n, new Map()],
    ]),
  ],
  ['sets of sets', new Set<unknown>([new Set(['a']), 1n, ''])],
  ['a regular expression', /slot\/(?<id>\d+)/giu],
  ['a URL', new URL('https://example.org/a?b=c#d')],
  ['bytes', new Uint8Array([0, 1, 255])],
  ['a Buffer', Buffer.from('Référent')],
  ['an instant', { at: instant }],
  ['a Temporal time in a zone', zoned],
  ['a Temporal date', zoned.toPlainDate()],
  ['a list of lists', [[], [[]], {}]],
  ['an object twice', { one: shared, other: shared }],
];

/** What classes show only as text, and what kind of object it is. */
const shown = (value: unknown): readonly unknown[] => [
  Object.prototype.toString.call(value),
  value instanceof URL || /Temporal/.test(Object.prototype.toString.call(value)) ? String(value) : value,
];

const job = () => ({ title: 'Baker', at: new Date(0), tags: new Set(['night']), nested: { list: [1] } });

type Job = ReturnType<typeof job>;

const spoil = (found: Job | undefined): void => {
  assert.ok(found);
  found.title = 'changed by a caller';
  found.tags.clear();
  found.nested.list.push(2);
  found.at.setTime(1);
};

/** What a value is when it comes back. */
export function cacheValuesContract(test: CacheTest): void {
  test('gives back every kind of value as it was, set or loaded, on a hit as on a miss', async (cache) => {
    const family = unique('kinds');
    for (const [kind, value] of kinds) {
      const keys = { set: `${family}:set ${kind}`, loaded: `${family}:loaded ${kind}` };
      const load = () => okAsync(value);
      await expectOk(cache.set(keys.set, value));
      for (const found of [
        await expectOk(cache.get(keys.set)),
        (await expectOk(cache.getMany([keys.set]))).get(keys.set),
        await expectOk(cache.getOrLoad(keys.set, () => okAsync('not asked for'))),
        await expectOk(cache.getOrLoad(keys.loaded, load)),
        await expectOk(cache.getOrLoad(keys.loaded, load)),
        await expectOk(cache.get(keys.loaded)),
      ])
        assert.deepEqual(shown(found), shown(value), kind);
    }
  });

  test('gives back a structure that contains itself', async (cache) => {
    const key = `${unique('cycle')}:1`;
    const node: { name: string; self?: unknown } = { name: 'loop' };
    node.self = node;
    await expectOk(cache.set(key, node));
    const found = await expectOk(cache.get<typeof node>(key));
    assert.equal(found?.name, 'loop');
    assert.equal(found.self, found);
  });

  test('keeps what a value was when it was set, whatever becomes of the object', async (cache) => {
    const key = `${unique('job')}:1`;
    const value = job();
    await expectOk(cache.set(key, value));
    spoil(value);
    assert.deepEqual(await expectOk(cache.get(key)), job());
  });

  test('gives everybody who finds a value a copy of their own', async (cache) => {
    const key = `${unique('job')}:1`;
    const loads = () => okAsync(job());
    await expectOk(cache.set(key, job()));
    spoil(await expectOk(cache.get<Job>(key)));
    spoil((await expectOk(cache.getMany<Job>([key]))).get(key));
    spoil(await expectOk(cache.getOrLoad<Job, never>(key, loads)));
    assert.deepEqual(await expectOk(cache.get(key)), job());
    assert.deepEqual(await expectOk(cache.getOrLoad(key, loads)), job());
  });

  test('gives everybody who shares a load a copy of their own, and the loader its own back', async (cache) => {
    const key = `${unique('jobs')}:1`;
    const original = job();
    const list = () => okAsync<readonly Job[]>([original]);
    const [one, other] = await Promise.all([
      expectOk(cache.list(key, list)),
      expectOk(cache.list(key, list)),
    ]);
    spoil(one[0]);
    assert.deepEqual(other, [job()]);
    assert.deepEqual(original, job());
    spoil(other[0]);
    assert.deepEqual(await expectOk(cache.list(key, list)), [job()]);
  });
}
