import { ok, okAsync } from 'neverthrow';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cached,
  CacheInvalidator,
  createCache,
  createSlotwise,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { cacheContract, createInMemorySlotwise } from '../../src/testing/index.ts';
import { cacheOf } from '../../src/testing/contract/cache/cache-subject.ts';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { framework, standalone, subjectOf } from '../contract/adapters.ts';
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

const embedded = async (options: SlotwiseOptions = {}): Promise<Slotwise> => {
  const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
};

describe('the cache of the host', () => {
  describe('in the in-memory SDK', () => {
    cacheContract(framework, cacheOf({ create: () => createInMemorySlotwise() }));
  });
  describe('in this process, without a database', () => {
    cacheContract(
      framework,
      standalone(() => ({})),
    );
  });
  describe('beside the embedded database', () => {
    cacheContract(framework, cacheOf(subjectOf({})));
  });

  it('is where a function is cached by its arguments', async () => {
    const cache = stack.use((await createCache())._unsafeUnwrap());
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

describeWithRedis('the cache of the host on Redis', () => {
  describe.each([{ memory: 'with' }, { memory: 'without', l1: false as const }])(
    'without a database, $memory memory in front',
    ({ l1 }) => {
      const scratch = new ScratchPrefix();
      const options = { ...scratch.options, ...(l1 === undefined ? {} : { l1 }) };
      cacheContract(
        framework,
        standalone(() => options, scratch),
      );
    },
  );

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

  it('has what it has answered, for whoever asks next', async () => {
    const { options } = stack.use(new ScratchPrefix());
    const cache = stack.use((await createCache({ ...options, l1: false }))._unsafeUnwrap());
    const again = () => okAsync('loaded again');
    (await cache.getOrLoad('found', () => okAsync('loaded')))._unsafeUnwrap();
    expect((await cache.get('found'))._unsafeUnwrap()).toBe('loaded');
    (await cache.getOrLoad('read', () => okAsync('loaded')))._unsafeUnwrap();
    expect((await cache.getOrLoad('read', again))._unsafeUnwrap()).toBe('loaded');
    // The loads end one after the other in one turn, in which the first ones to end ask again before the last one has.
    const answers = Array.from({ length: 20 }, async (_, steps) => {
      const load = async () => {
        for (let step = 0; step < steps; step += 1) await Promise.resolve();
        return ok('loaded');
      };
      (await cache.getOrLoad(`together:${steps}`, load))._unsafeUnwrap();
      return (await cache.getOrLoad(`together:${steps}`, again))._unsafeUnwrap();
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['loaded']));
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
  it('depend on what the SDK commits, and on what it is told of by hand', async () => {
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

    (await sdk.cache.set('note:1', 'depends on nothing'))._unsafeUnwrap();
    const invalidator = new CacheInvalidator(sdk.cache);
    (await invalidator.recruiter(recruiter.id))._unsafeUnwrap();
    expect([await read(), await read()]).toEqual([3, 3]);
    (await invalidator.recruiter(recruiter.id, recruiter.cityIds))._unsafeUnwrap();
    expect([await read(), await read()]).toEqual([4, 4]);
    (await invalidator.recruiters())._unsafeUnwrap();
    expect([await read(), await read()]).toEqual([5, 5]);
    (await sdk.cache.invalidate('recruiters:*'))._unsafeUnwrap();
    expect([await read(), await read()]).toEqual([6, 6]);
    expect((await sdk.cache.get('note:1'))._unsafeUnwrap()).toBe('depends on nothing');
    (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap();
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
