import { err, ok, okAsync } from 'neverthrow';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cached,
  CacheInvalidator,
  createCache,
  createSlotwise,
  type Cache,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { createInMemorySlotwise } from '../../src/testing/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithRedis, describeWithRedisServer, describeWithServers } from '../support/services.ts';
import { rename } from '../support/traffic.ts';

let stack = new AsyncDisposableStack();

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

interface Place {
  readonly name: string;
  readonly open: () => Promise<Cache>;
}

const job = { id: 7, title: 'Référent 🗓️', from: new Date(0), tags: new Set(['a']), big: 5n };

/** What a cache of the host promises wherever it is. */
const behaves = ({ name, open }: Place) =>
  describe(name, () => {
    it('gives back what was stored, and to everybody a copy of their own', async () => {
      const cache = await open();
      (await cache.set('job:7', job))._unsafeUnwrap();
      const first = (await cache.get<typeof job>('job:7'))._unsafeUnwrap();
      expect(first).toEqual(job);
      if (first !== undefined) first.title = 'changed by a caller';
      expect((await cache.get('job:7'))._unsafeUnwrap()).toEqual(job);
      expect((await cache.exists('job:7'))._unsafeUnwrap()).toBe(true);
      expect((await cache.get('job:8'))._unsafeUnwrap()).toBeUndefined();
    });

    it('stores, finds and deletes many at once, in the order they were asked for', async () => {
      const cache = await open();
      (
        await cache.setMany([
          ['job:1', 1],
          ['job:2', 'two'],
          ['job:3', [3]],
        ])
      )._unsafeUnwrap();
      const found = (await cache.getMany(['job:3', 'job:9', 'job:1']))._unsafeUnwrap();
      expect([...found]).toEqual([
        ['job:3', [3]],
        ['job:1', 1],
      ]);
      (await cache.deleteMany(['job:1', 'job:3']))._unsafeUnwrap();
      expect([...(await cache.getMany(['job:1', 'job:2', 'job:3']))._unsafeUnwrap().keys()]).toEqual([
        'job:2',
      ]);
      expect((await cache.deleteMany([])).isOk()).toBe(true);
    });

    it('loads once, and again after it was told', async () => {
      const cache = await open();
      let loads = 0;
      const load = () => okAsync({ loads: (loads += 1) });
      const read = async (): Promise<unknown> => (await cache.getOrLoad('board:1', load))._unsafeUnwrap();
      const [one, other] = await Promise.all([read(), read()]);
      expect([one, other, await read()]).toEqual([{ loads: 1 }, { loads: 1 }, { loads: 1 }]);
      (await cache.invalidate('board:*'))._unsafeUnwrap();
      expect(await read()).toEqual({ loads: 2 });
      (await cache.delete('board:1'))._unsafeUnwrap();
      expect(await read()).toEqual({ loads: 3 });
      (await cache.clear())._unsafeUnwrap();
      expect(await read()).toEqual({ loads: 4 });
      expect(await read()).toEqual({ loads: 4 });
    });

    it('drops what depends on an anchor, and nothing else', async () => {
      const cache = await open();
      const anchors = ['tariff:5'];
      (await cache.set('quote:1', 'old', { anchors }))._unsafeUnwrap();
      (await cache.set('quote:2', 'other'))._unsafeUnwrap();
      expect((await cache.get('quote:1', { anchors }))._unsafeUnwrap()).toBe('old');
      (await cache.invalidate({ anchor: 'tariff:5' }))._unsafeUnwrap();
      expect((await cache.get('quote:1', { anchors }))._unsafeUnwrap()).toBeUndefined();
      expect((await cache.get('quote:2'))._unsafeUnwrap()).toBe('other');
    });

    it('does not answer an entry to who depends on more than it does', async () => {
      const cache = await open();
      (await cache.set('plan:1', 'depends on nothing'))._unsafeUnwrap();
      const depending = cache.getOrLoad('plan:1', () => okAsync('depends'), { anchors: ['tariff:1'] });
      expect((await depending)._unsafeUnwrap()).toBe('depends');
      (await cache.delete('plan:1'))._unsafeUnwrap();
      expect((await cache.get('plan:1', { anchors: ['tariff:1'] }))._unsafeUnwrap()).toBeUndefined();
    });

    it('does not keep an error, nor absence unless that is asked for', async () => {
      const cache = await open();
      expect(await cache.getOrLoad('a:1', () => Promise.resolve(err('no')))).toEqual(err('no'));
      let loads = 0;
      const absent = () => {
        loads += 1;
        return okAsync(undefined);
      };
      await cache.getOrLoad('a:2', absent).unwrapOr(undefined);
      await cache.getOrLoad('a:2', absent).unwrapOr(undefined);
      expect(loads).toBe(2);
      await cache.getOrLoad('a:3', absent, { negativeTtlMs: 60_000 }).unwrapOr(undefined);
      await cache.getOrLoad('a:3', absent, { negativeTtlMs: 60_000 }).unwrapOr(undefined);
      expect(loads).toBe(3);
      expect((await cache.get('a:3'))._unsafeUnwrap()).toBeUndefined();
    });

    it('refuses what cannot be meant, and changes nothing then', async () => {
      const cache = await open();
      for (const key of ['', 'a*', 'a{b}', 'line\nbreak', 'x'.repeat(600), '\uD800'])
        expect((await cache.set(key, 1))._unsafeUnwrapErr().type).toBe('Validation');
      expect((await cache.set('a', undefined))._unsafeUnwrapErr()).toMatchObject({ field: 'value' });
      expect((await cache.set('a', () => 1))._unsafeUnwrapErr()).toMatchObject({ type: 'Validation' });
      expect((await cache.set('a', 1, { ttlMs: 0 }))._unsafeUnwrapErr()).toMatchObject({ field: 'ttlMs' });
      expect((await cache.invalidate('nobody-knows:*'))._unsafeUnwrapErr()).toEqual({
        type: 'UnknownFamily',
        family: 'nobody-knows',
      });
      expect((await cache.get('a'))._unsafeUnwrap()).toBeUndefined();
    });

    it('answers what throws, or cannot be stored, as an error', async () => {
      const cache = await open();
      const thrown = await cache.getOrLoad('t:1', () => {
        throw new Error('oops');
      });
      expect(thrown._unsafeUnwrapErr()).toMatchObject({ type: 'Unexpected' });
      const unstorable = await cache.getOrLoad('t:2', () => okAsync(() => 1));
      expect(unstorable._unsafeUnwrapErr()).toMatchObject({ type: 'Validation' });
    });

    it('answers a ping, counts, and can be switched off', async () => {
      const cache = await open();
      expect((await cache.ping())._unsafeUnwrap()).toBeGreaterThanOrEqual(0);
      (await cache.set('s:1', 1))._unsafeUnwrap();
      cache.disable();
      expect((await cache.get('s:1'))._unsafeUnwrap()).toBeUndefined();
      expect(cache.stats().state).toBe('off');
      cache.enable();
      expect((await cache.get('s:1'))._unsafeUnwrap()).toBe(1);
      const { l1Hits, l2Hits } = cache.stats();
      expect(l1Hits + l2Hits).toBeGreaterThan(0);
    });

    it('caches a function by its arguments', async () => {
      const cache = await open();
      let calls = 0;
      const price = cached((id: number, currency: string) => okAsync(`${id} ${currency} ${(calls += 1)}`), {
        cache,
        key: 'price:{arg1}:{arg2}',
      });
      expect(await price(1, 'EUR')).toEqual(ok('1 EUR 1'));
      expect(await price(1, 'EUR')).toEqual(ok('1 EUR 1'));
      expect(await price(1, 'USD')).toEqual(ok('1 USD 2'));
    });
  });

const embedded = async (options: SlotwiseOptions = {}): Promise<Slotwise> => {
  const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
};

describe('the cache of the host', () => {
  behaves({ name: 'in the in-memory SDK', open: () => Promise.resolve(createInMemorySlotwise().cache) });
  behaves({
    name: 'in this process, without a database',
    open: async () => stack.use((await createCache())._unsafeUnwrap()),
  });
  behaves({ name: 'beside the embedded database', open: async () => (await embedded()).cache });
});

describeWithRedis('the cache of the host on Redis', () => {
  for (const l1 of [undefined, false] as const)
    behaves({
      name: `without a database, ${l1 === false ? 'without' : 'with'} memory in front`,
      open: async () => {
        const { options } = stack.use(new ScratchPrefix());
        const cache = { ...options, ...(l1 === undefined ? {} : { l1 }) };
        return stack.use((await createCache(cache))._unsafeUnwrap());
      },
    });

  it('tells other processes of what was set and deleted', async () => {
    const { options } = stack.use(new ScratchPrefix());
    const [one, other] = await Promise.all(
      [1, 2].map(async () => stack.use((await createCache(options))._unsafeUnwrap())),
    );
    if (one === undefined || other === undefined) throw new Error('not opened');
    (await one.set('flag', 'first'))._unsafeUnwrap();
    const read = async (): Promise<unknown> => (await other.get('flag'))._unsafeUnwrap();
    await expect.poll(async () => [await read(), other.stats().l1Hits > 0]).toEqual(['first', true]);
    (await one.set('flag', 'second'))._unsafeUnwrap();
    await expect.poll(read, { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBe('second');
    (await one.delete('flag'))._unsafeUnwrap();
    await expect.poll(read, { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBeUndefined();
  });

  it('lets the later of two settings win everywhere', async () => {
    const { options } = stack.use(new ScratchPrefix());
    const open = async () => stack.use((await createCache({ ...options, l1: false }))._unsafeUnwrap());
    const [one, other] = [await open(), await open()];
    for (let round = 0; round < 50; round += 1) {
      await Promise.all([one.set('race', `a${round}`), other.set('race', `b${round}`)]);
      const seen = [await one.get('race'), await other.get('race')].map((got) => got._unsafeUnwrap());
      expect(seen[0]).toBe(seen[1]);
    }
  });

  it('loads once among processes that ask for a lock', async () => {
    const { options } = stack.use(new ScratchPrefix());
    let loads = 0;
    const asked = Array.from({ length: 4 }, async () => {
      const cache = stack.use((await createCache({ ...options, l1: false }))._unsafeUnwrap());
      const load = async () => {
        loads += 1;
        await new Promise((resolve) => setTimeout(resolve, 60));
        return ok('loaded');
      };
      return cache.getOrLoad('herd', load, { loadLock: true });
    });
    for (const answer of await Promise.all(asked)) expect(answer).toEqual(ok('loaded'));
    // A process that has not connected yet loads by itself.
    expect(loads).toBeLessThanOrEqual(2);
  });
});

describeWithRedisServer('the cache of the host while Redis is frozen', () => {
  it('says that it cannot be asked or told, and loads all the same', async () => {
    const redis = stack.use(await RedisProcess.start());
    const cache = stack.use((await createCache({ url: redis.url, l1: false }))._unsafeUnwrap());
    (await cache.set('a:1', 1))._unsafeUnwrap();
    redis.pause();
    expect((await cache.set('a:1', 2))._unsafeUnwrapErr()).toEqual({
      type: 'CacheUnavailable',
      operation: 'set',
      retryable: true,
    });
    expect((await cache.delete('a:1'))._unsafeUnwrapErr().type).toBe('CacheUnavailable');
    expect((await cache.get('a:1'))._unsafeUnwrapErr().type).toBe('CacheUnavailable');
    expect((await cache.ping())._unsafeUnwrapErr().type).toBe('CacheUnavailable');
    expect(await cache.getOrLoad('a:1', () => okAsync('loaded'))).toEqual(ok('loaded'));
    redis.resume();
    await expect.poll(async () => (await cache.set('a:1', 3)).isOk(), { timeout: 8000 }).toBe(true);
    expect((await cache.get('a:1'))._unsafeUnwrap()).toBe(3);
  }, 20_000);
});

describeWithServers('entries of the host beside those of the SDK', () => {
  it('depend on what the SDK commits, and are dropped with a transaction or not at all', async () => {
    const database = stack.use(new ScratchDatabase());
    const cache = { ...stack.use(new ScratchPrefix()).options, l1: false as const };
    const sdk = await embedded({ database: database.options, cache });
    const { recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
    const anchors = [`recruiter:${recruiter.id}`];
    let loads = 0;
    const read = async (): Promise<unknown> =>
      (await sdk.cache.getOrLoad('card:1', () => okAsync((loads += 1)), { anchors }))._unsafeUnwrap();
    expect([await read(), await read()]).toEqual([1, 1]);
    await rename(sdk, recruiter.id, 'Another name');
    expect([await read(), await read()]).toEqual([2, 2]);

    const undone = await sdk.transaction(async (uow) => {
      (await sdk.cache.invalidate('card:*', { uow }))._unsafeUnwrap();
      return err('changed my mind');
    });
    expect(undone.isErr()).toBe(true);
    expect(await read()).toBe(2);
    const done = await sdk.transaction(async (uow) => {
      (await sdk.cache.invalidate('card:*', { uow }))._unsafeUnwrap();
      // Not yet: nobody else may see what this transaction has done.
      expect(await read()).toBe(2);
      return ok();
    });
    expect(done.isOk()).toBe(true);
    expect(await read()).toBe(3);

    const unwritten = await sdk.transaction(async (uow) => {
      const seen = await sdk.cache.getOrLoad('uncommitted:1', () => okAsync('never'), { uow });
      return seen.andThen(() => err('undone'));
    });
    expect(unwritten.isErr()).toBe(true);
    expect((await sdk.cache.get('uncommitted:1'))._unsafeUnwrap()).toBeUndefined();

    (await new CacheInvalidator(sdk.cache).recruiter(recruiter.id))._unsafeUnwrap();
    expect(await read()).toBe(3);
    (await sdk.cache.invalidate('recruiters:*'))._unsafeUnwrap();
    const before = sdk.cache.stats().misses;
    (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap();
    expect(sdk.cache.stats().misses).toBe(before + 1);
  });

  it('are set in one memory and forgotten by the others, where processes have no Redis', async () => {
    const database = stack.use(new ScratchDatabase());
    const [one, other] = [
      await embedded({ database: database.options }),
      await embedded({ database: database.options }),
    ];
    const read = async (sdk: Slotwise) => (await sdk.cache.get('flag'))._unsafeUnwrap();
    for (const sdk of [one, other]) expect(sdk.cache.stats().memory).toBe('up');
    (await other.cache.set('flag', 'old'))._unsafeUnwrap();
    expect(await read(other)).toBe('old');
    // What the other one announced must not arrive afterwards: of two who set at the same time, at worst both forget.
    await expect.poll(() => one.cache.stats().announcements).toBeGreaterThan(0);
    (await one.cache.set('flag', 'new'))._unsafeUnwrap();
    expect(await read(one)).toBe('new');
    await expect.poll(() => read(other), { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBeUndefined();
    (await other.cache.delete('flag'))._unsafeUnwrap();
    await expect.poll(() => read(one), { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBeUndefined();
  });

  it('are filled before they are asked for', async () => {
    const database = stack.use(new ScratchDatabase());
    const sdk = await embedded({ database: database.options, cache: stack.use(new ScratchPrefix()).options });
    const { recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
    const seen: number[] = [];
    const report = (await sdk.cache.warm({ onProgress: ({ done }) => seen.push(done) }))._unsafeUnwrap();
    expect(report).toMatchObject({ failed: 0, complete: true });
    expect(seen.length).toBeGreaterThan(3);
    const loads = sdk.cache.stats().loads;
    await expect
      .poll(async () => (await sdk.read.recruiters.get(recruiter.id)).isOk() && sdk.cache.stats().loads)
      .toBe(loads);
  });
});
