import { ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import type { Cache } from '../../../src/index.ts';
import { replacing } from './failing-tests.ts';

type Break = (cache: Cache) => Cache;
type Load = () => PromiseLike<Result<unknown, never>>;
type GetOrLoad = (
  key: string,
  load: Load,
  options?: Parameters<Cache['getOrLoad']>[2],
) => ResultAsync<unknown, unknown>;

const loading = (getOrLoad: GetOrLoad): Pick<Cache, 'getOrLoad' | 'list'> =>
  ({ getOrLoad, list: getOrLoad }) as unknown as Pick<Cache, 'getOrLoad' | 'list'>;

const outsideAny = (options: object = {}): object =>
  Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'uow'));

const nothing = () => okAsync(undefined);

const throughJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)));

/** What is wrong with a cache, how it comes about, and the test that has to find it. */
export const brokenCaches: readonly (readonly [what: string, cache: Break, foundBy: string])[] = [
  [
    'gives away the objects it keeps',
    (cache) => {
      const held = new Map<string, unknown>();
      return replacing(cache, {
        set: (key, value, options) => {
          held.set(key, value);
          return cache.set(key, value, options);
        },
        get: ((key, dependencies) =>
          cache.get(key, dependencies).map((found) => found && held.get(key))) as Cache['get'],
      });
    },
    'keeps what a value was when it was set, whatever becomes of the object',
  ],
  [
    'gives all who share a load one object',
    (cache) => {
      const running = new Map<string, Promise<Result<unknown, unknown>>>();
      const getOrLoad: GetOrLoad = (key, load, options) => {
        const shared = running.get(key) ?? cache.getOrLoad(key, load, options).then((read) => read);
        running.set(
          key,
          Promise.resolve(shared).finally(() => running.delete(key)),
        );
        return new ResultAsync(Promise.resolve(shared));
      };
      return replacing(cache, loading(getOrLoad));
    },
    'gives everybody who shares a load a copy of their own, and the loader its own back',
  ],
  [
    'keeps values as JSON',
    (cache) =>
      replacing(cache, {
        set: (key, value, options) =>
          cache.set(key, value === undefined ? value : throughJson(value), options),
      }),
    'gives back every kind of value as it was, set or loaded, on a hit as on a miss',
  ],
  [
    'answers many in an order of its own',
    (cache) =>
      replacing(cache, {
        getMany: (keys, dependencies) => cache.getMany(keys.toSorted(), dependencies),
      }),
    'stores, finds and deletes many at once, in the order they were asked for and each once',
  ],
  [
    'takes keys for equal that differ in case',
    (cache) =>
      replacing(cache, {
        setMany: (entries, options) =>
          cache.setMany(
            [...entries].map(([key, value]) => [key.toLowerCase(), value] as const),
            options,
          ),
      }),
    'tells every key from every other',
  ],
  [
    'does not delete',
    (cache) => replacing(cache, { delete: nothing }),
    'gives back what was set last, until it is deleted',
  ],
  [
    'does not clear',
    (cache) => replacing(cache, { clear: nothing }),
    'drops everything when it is cleared, set and loaded, and stores again afterwards',
  ],
  [
    'stores the first of many before it looks at the next',
    (cache) =>
      replacing(cache, {
        setMany: (entries, options) =>
          [...entries].reduce<ReturnType<Cache['set']>>(
            (before, [key, value]) => before.andThen(() => cache.set(key, value, options)),
            okAsync(undefined),
          ),
      }),
    'stores nothing of many when one of them is refused',
  ],
  [
    'takes any key',
    (cache) =>
      replacing(cache, {
        get: (key, dependencies) => cache.get(key.replaceAll('*', 'x'), dependencies),
      }),
    'refuses what is no key, whatever is done with it',
  ],
  [
    'gives every entry the same lifetime',
    (cache) =>
      replacing(cache, {
        set: (key, value, options) => cache.set(key, value, { ...options, ttlMs: 60_000 }),
      }),
    'lets go of an entry when its lifetime is over',
  ],
  [
    'keeps absence unasked',
    (cache) =>
      replacing(
        cache,
        loading((key, load, options) => cache.getOrLoad(key, load, { negativeTtlMs: 60_000, ...options })),
      ),
    'keeps absence only if that is asked for, and as long as that',
  ],
  [
    'knows no grace',
    (cache) =>
      replacing(
        cache,
        loading((key, load, options) => cache.getOrLoad(key, load, { ...options, graceMs: 0 })),
      ),
    'serves what has outlived its lifetime while its source is away, if it was given a grace period',
  ],
  [
    'keeps errors',
    (cache) => {
      const errors = new Map<string, ReturnType<GetOrLoad>>();
      const getOrLoad: GetOrLoad = (key, load, options) =>
        errors.get(key) ??
        cache.getOrLoad(key, load, options).orTee(() => {
          errors.set(key, cache.getOrLoad(key, load, options));
        });
      return replacing(cache, loading(getOrLoad));
    },
    'keeps no error, neither one that was answered nor one that was thrown',
  ],
  [
    'passes on what a load throws',
    (cache) =>
      replacing(
        cache,
        loading((_key, load) => new ResultAsync((async () => load())())),
      ),
    'answers Unexpected, with the cause, when a load throws, rejects or answers no Result',
  ],
  [
    'lets everybody load by themselves',
    (cache) => {
      let reads = 0;
      return replacing(
        cache,
        loading((key, load, options) =>
          cache.getOrLoad(key, load, { ...options, anchors: [`read:${(reads += 1)}`] }),
        ),
      );
    },
    'loads once for all who ask at the same time, and for each key by itself',
  ],
  [
    'stores what was loaded whatever happened meanwhile',
    (cache) =>
      replacing(
        cache,
        loading((key, load, options) =>
          cache.getOrLoad(key, load, options).andThen((value) =>
            cache
              .set(key, value, options)
              .orElse(() => ok())
              .map(() => value),
          ),
        ),
      ),
    'does not keep what was being loaded while its key was invalidated, nor give it to who asks later',
  ],
  [
    'forgets what an entry depends on',
    (cache) =>
      replacing(cache, {
        set: (key, value) => cache.set(key, value),
        get: (key) => cache.get(key),
        exists: (key) => cache.exists(key),
      }),
    'drops the keys, families and anchors that are named, and nothing else',
  ],
  [
    'drops everything when it should drop something',
    (cache) => replacing(cache, { invalidate: () => cache.clear() }),
    'drops the keys, families and anchors that are named, and nothing else',
  ],
  [
    'answers an entry to who depends on more than it does',
    (cache) => replacing(cache, { get: (key) => cache.get(key) }),
    'has an entry only for who names what it depends on, in any order',
  ],
  [
    'takes a misspelt family for an empty one',
    (cache) =>
      replacing(cache, {
        invalidate: (targets, options) => cache.invalidate(targets, options).orElse(() => ok()),
      }),
    'answers UnknownFamily for one that nobody declared or used, until somebody does',
  ],
  [
    'does not listen to who declares families',
    (cache) => replacing(cache, { declareFamilies: () => undefined }),
    'answers UnknownFamily for one that nobody declared or used, until somebody does',
  ],
  [
    'names no anchors',
    (cache) => replacing(cache, { anchorsOf: () => ok([]) }),
    'names the anchors that an invalidation raises, which drop the same when they are named',
  ],
  [
    'goes on when it is disabled',
    (cache) => replacing(cache, { disable: () => undefined }),
    'answers nothing while it is disabled, loads each time, and hears of what is dropped',
  ],
  [
    'drops at once what was to wait for a commit',
    (cache) => replacing(cache, { invalidate: (targets) => cache.invalidate(targets) }),
    'drops nothing for a unit of work that is rolled back',
  ],
  [
    'forgets what was to go with a commit',
    (cache) =>
      replacing(cache, {
        invalidate: (targets, options) =>
          options?.uow === undefined ? cache.invalidate(targets) : cache.invalidate([]),
      }),
    'drops what a unit of work has named with its commit, and not before',
  ],
  [
    'keeps what was loaded through a unit of work',
    (cache) =>
      replacing(
        cache,
        loading((key, load, options) => cache.getOrLoad(key, load, outsideAny(options))),
      ),
    'never keeps what was loaded through a unit of work',
  ],
  [
    'answers a unit of work what that has named',
    (cache) =>
      replacing(
        cache,
        loading((key, load, options) =>
          cache
            .get(key, options)
            .andThen((found) => (found === undefined ? cache.getOrLoad(key, load, options) : ok(found))),
        ),
      ),
    'answers no unit of work what that has named, also before it has written anything',
  ],
];
