import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCache, createSlotwise, type CacheOptions, type RateLimiterOptions } from '../../src/index.ts';
import { PATIENT_MS } from '../contract/adapters.ts';
import { ChildWorker } from '../support/child-process.ts';
import { CommandTap } from '../support/command-tap.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import {
  describeWithRedis,
  describeWithRedisServer,
  describeWithServers,
  redisUrl,
} from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import type { LimitedWorker } from '../support/workers/limited-worker.ts';

const PROCESSES = 4;
const DAY_MS = 86_400_000;

const perDay: RateLimiterOptions = { name: 'visits', limit: 5, perMs: DAY_MS, onUnavailable: 'closed' };

const workers = (count: number): readonly ChildWorker<LimitedWorker>[] =>
  Array.from(
    { length: count },
    () => new ChildWorker<LimitedWorker>(new URL('../support/workers/limited-worker.ts', import.meta.url)),
  );

/** What several processes are allowed together that all take from one key at once. */
async function hammered(options: CacheOptions, key: string): Promise<{ allowed: number; degraded: number }> {
  await using stack = new AsyncDisposableStack();
  const processes = workers(PROCESSES).map((worker) => stack.use(worker));
  await Promise.all(
    processes.map((worker) => worker.call('open', { ...options, commandTimeoutMs: PATIENT_MS })),
  );
  const taken = await Promise.all(
    processes.map((worker) => worker.call('hammer', { name: 'hammered', limit: 500, key, times: 400 })),
  );
  return {
    allowed: taken.reduce((sum, { allowed }) => sum + allowed, 0),
    degraded: taken.reduce((sum, { degraded }) => sum + degraded, 0),
  };
}

describeWithRedis('rate limits in Redis', () => {
  it('are exact when several processes take from one key at once', async () => {
    await using scratch = new ScratchPrefix();
    expect(await hammered(scratch.options, '4711')).toEqual({ allowed: 500, degraded: 0 });
  });

  it('cost one command each', async () => {
    await using scratch = new ScratchPrefix();
    await using proxy = await TcpProxy.startBefore(redisUrl());
    const tap = new CommandTap(proxy);
    await using cache = (
      await createCache({
        ...scratch.options,
        url: proxy.through(redisUrl()),
        l1: false,
        commandTimeoutMs: PATIENT_MS,
      })
    )._unsafeUnwrap();
    const limiter = cache.rateLimiter(perDay)._unsafeUnwrap();
    tap.take();
    for (let times = 0; times < 3; times += 1)
      expect((await limiter.take('4711'))._unsafeUnwrap().degraded).toBe(false);
    expect(tap.take()).toEqual(['eval', 'eval', 'eval']);
  });

  it('leave the hash of a key there, until the key has nothing taken', async () => {
    await using scratch = new ScratchPrefix();
    await using cache = (
      await createCache({ ...scratch.options, commandTimeoutMs: PATIENT_MS })
    )._unsafeUnwrap();
    const limiter = cache.rateLimiter({ ...perDay, limit: 2, perMs: 4_000 })._unsafeUnwrap();
    const redis = new Redis(redisUrl());
    try {
      expect((await limiter.take('ada@example.org')).isOk()).toBe(true);
      const keys = await redis.keys(`${scratch.prefix}:r:*`);
      expect(keys).toHaveLength(1);
      expect(keys[0]).toMatch(/:r:\{visits:[\w-]{43}\}$/);
      expect(await redis.pttl(String(keys[0]))).toBeLessThanOrEqual(2_000);
      await until('the key is gone', 10_000, async () => (await redis.exists(String(keys[0]))) === 0);
    } finally {
      redis.disconnect();
    }
  });

  it('change with the options, without forgetting what was taken', async () => {
    await using scratch = new ScratchPrefix();
    await using cache = (
      await createCache({ ...scratch.options, commandTimeoutMs: PATIENT_MS })
    )._unsafeUnwrap();
    const take = async (limit: number) =>
      (
        await cache
          .rateLimiter({ ...perDay, limit })
          ._unsafeUnwrap()
          .take('4711')
      )._unsafeUnwrap();
    for (let times = 0; times < 5; times += 1) expect((await take(5)).allowed).toBe(true);
    expect((await take(5)).allowed).toBe(false);
    expect(await take(7)).toMatchObject({ allowed: true, remaining: 1 });
    expect((await take(2)).allowed).toBe(false);
  });
});

describeWithServers('rate limits of an SDK on PostgreSQL and Redis', () => {
  it('are shared by all that use the same Redis and prefix', async () => {
    await using database = new ScratchDatabase();
    await using scratch = new ScratchPrefix();
    const options = {
      database: database.options,
      cache: { ...scratch.options, commandTimeoutMs: PATIENT_MS },
    };
    await using one = (await createSlotwise(options))._unsafeUnwrap();
    (await one.migrate())._unsafeUnwrap();
    await using other = (await createSlotwise(options))._unsafeUnwrap();
    const here = one.rateLimiter(perDay)._unsafeUnwrap();
    const there = other.rateLimiter(perDay)._unsafeUnwrap();
    await until('both are up', 10_000, () => [one, other].every((sdk) => sdk.cache.stats().state === 'up'));
    expect((await here.take('4711', 5))._unsafeUnwrap()).toMatchObject({ allowed: true, degraded: false });
    expect((await there.take('4711'))._unsafeUnwrap()).toMatchObject({ allowed: false, degraded: false });
  });
});

describeWithRedisServer('rate limits in a Redis Cluster', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
  }, 60_000);

  afterAll(() => cluster[Symbol.asyncDispose]());

  describe('with keys on every master', () => {
    it('are exact for each key', async () => {
      const options = { cluster: { nodes: cluster.nodes }, prefix: `limits:${randomUUID()}` };
      await using cache = (await createCache({ ...options, commandTimeoutMs: PATIENT_MS }))._unsafeUnwrap();
      const limiter = cache.rateLimiter(perDay)._unsafeUnwrap();
      for (let key = 0; key < 20; key += 1) {
        const taken = await Promise.all(Array.from({ length: 8 }, () => limiter.take(`key ${key}`)));
        const decisions = taken.map((decision) => decision._unsafeUnwrap());
        expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
        expect(decisions.some(({ degraded }) => degraded)).toBe(false);
      }
      const stored = await Promise.all(
        cluster.shards.map(async (shard) =>
          (await cluster.masterOf(shard)).ask((client) => client.keys(`${options.prefix}:r:*`)),
        ),
      );
      expect(stored.every((keys) => keys.length > 0)).toBe(true);
      expect(stored.flat()).toHaveLength(20);
    });

    it('are exact across processes', async () => {
      const options = { cluster: { nodes: cluster.nodes }, prefix: `limits:${randomUUID()}` };
      expect(await hammered(options, '4711')).toEqual({ allowed: 500, degraded: 0 });
    });
  });
});
