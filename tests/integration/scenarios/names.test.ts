import { afterEach, expect, it } from 'vitest';
import { createCache, type Cache } from '../../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../../src/infrastructure/cache/limits.ts';
import { ScratchPrefix } from '../../support/scratch-prefix.ts';
import { describeWithRedis } from '../../support/services.ts';

/** A busy machine is no Redis that is away. */
const PATIENT_MS = 2000;
const seen = { timeout: HEARTBEAT_LIMIT_MS, interval: 5 };

describeWithRedis('names in a cache that processes share', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const open = async (options: ScratchPrefix['options']): Promise<Cache> =>
    stack.use((await createCache({ ...options, commandTimeoutMs: PATIENT_MS }))._unsafeUnwrap());
  const get = async (cache: Cache, key: string): Promise<unknown> => (await cache.get(key))._unsafeUnwrap();
  const set = async (cache: Cache, key: string): Promise<void> =>
    (await cache.set(key, `of ${key}`))._unsafeUnwrap();

  it('keep a family apart from those whose names begin alike', async () => {
    const { options } = stack.use(new ScratchPrefix());
    const [cache, other] = [await open(options), await open(options)];
    const kept = ['usersAbc:1', 'user:1', 'users-old:1', 'u:users:1'];
    for (const key of ['users:1', 'users:2', ...kept]) await set(cache, key);
    for (const key of ['users:1', ...kept]) expect(await get(other, key)).toBe(`of ${key}`);

    (await cache.invalidate('users:*'))._unsafeUnwrap();
    for (const key of ['users:1', 'users:2']) {
      expect(await get(cache, key)).toBeUndefined();
      await expect.poll(() => get(other, key), seen).toBeUndefined();
    }
    for (const reader of [cache, other])
      for (const key of kept) expect(await get(reader, key)).toBe(`of ${key}`);
    await set(cache, 'users:1');
    await expect.poll(() => get(other, 'users:1'), seen).toBe('of users:1');
  });

  it('keep a prefix apart from those that begin alike, also when everything under it is cleared', async () => {
    const { options } = stack.use(new ScratchPrefix());
    const longer = { ...options, prefix: `${options.prefix}:2` };
    const [cache, other, beside] = [await open(options), await open(options), await open(longer)];
    for (const one of [cache, beside]) await set(one, 'users:1');
    expect(await get(other, 'users:1')).toBe('of users:1');

    (await cache.clear())._unsafeUnwrap();
    expect(await get(cache, 'users:1')).toBeUndefined();
    await expect.poll(() => get(other, 'users:1'), seen).toBeUndefined();
    // Nor does a process that starts afterwards find what is still stored.
    expect(await get(await open(options), 'users:1')).toBeUndefined();
    for (const reader of [beside, await open(longer)])
      expect(await get(reader, 'users:1')).toBe('of users:1');
  });

  it.each(['ключ:один', 'emoji:🗓️👩‍👩‍👧', 'a b:c d', '__proto__:constructor', 'a:b:c::', '[x]?:\\', 'toString'])(
    'may be any text: %s',
    async (key) => {
      const { options } = stack.use(new ScratchPrefix());
      const [cache, other] = [await open(options), await open(options)];
      expect(await get(cache, key)).toBeUndefined();
      await set(cache, key);
      expect(await get(other, key)).toBe(`of ${key}`);
      (await other.delete(key))._unsafeUnwrap();
      await expect.poll(() => get(cache, key), seen).toBeUndefined();
    },
  );
});
