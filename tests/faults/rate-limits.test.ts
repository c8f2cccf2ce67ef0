import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCache,
  type RateDecision,
  type RateLimiter,
  type RateLimiterOptions,
  type StandaloneCache,
} from '../../src/index.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { describeWithRedisServer } from '../support/services.ts';
import { until } from '../support/until.ts';

interface Fault {
  readonly name: string;
  /** A full memory still answers reads. */
  readonly opensBreaker: boolean;
  readonly inject: (redis: RedisProcess) => Promise<unknown> | void;
  readonly heal: (redis: RedisProcess) => Promise<unknown> | void;
}

/** Takes effect for connections that are open already. */
const scripts = (redis: RedisProcess, rule: '+eval' | '-eval'): Promise<unknown> =>
  redis.ask((client) => client.call('ACL', 'SETUSER', 'default', rule));

const memory = (redis: RedisProcess, bytes: string): Promise<unknown> =>
  redis.ask((client) => client.config('SET', 'maxmemory', bytes));

const faults: readonly Fault[] = [
  {
    name: 'is killed',
    opensBreaker: true,
    inject: (redis) => redis.kill(),
    heal: (redis) => redis.restart(),
  },
  {
    name: 'is frozen',
    opensBreaker: true,
    inject: (redis) => redis.pause(),
    heal: (redis) => redis.resume(),
  },
  {
    name: 'refuses scripts',
    opensBreaker: true,
    inject: (redis) => scripts(redis, '-eval'),
    heal: (redis) => scripts(redis, '+eval'),
  },
  {
    name: 'is full',
    opensBreaker: false,
    inject: (redis) => memory(redis, '1'),
    heal: (redis) => memory(redis, '0'),
  },
];

/** Nobody waits longer for a decision, on a machine that has other things to do as well. */
const PATIENCE_MS = 2_000;

const perDay = (onUnavailable: RateLimiterOptions['onUnavailable']): RateLimiterOptions => ({
  name: `visits:${onUnavailable}`,
  // What times out on a busy machine may be counted all the same.
  limit: 1_000,
  perMs: 86_400_000,
  onUnavailable,
});

describeWithRedisServer('rate limits while Redis', () => {
  describe.each(faults)('$name', ({ opensBreaker, inject, heal }) => {
    let redis: RedisProcess;
    let cache: StandaloneCache;

    beforeAll(async () => {
      redis = await RedisProcess.start();
      cache = (await createCache({ url: redis.url, l1: false }))._unsafeUnwrap();
    });

    afterAll(async () => {
      await cache.close();
      await redis[Symbol.asyncDispose]();
    });

    const limiter = (onUnavailable: RateLimiterOptions['onUnavailable']): RateLimiter =>
      cache.rateLimiter(perDay(onUnavailable))._unsafeUnwrap();

    const take = async (from: RateLimiter): Promise<RateDecision & { readonly waitedMs: number }> => {
      const startedAt = performance.now();
      const decision = (await from.take('4711'))._unsafeUnwrap();
      return { ...decision, waitedMs: performance.now() - startedAt };
    };

    it('are decided as the host has chosen, soon, and from Redis again when it is back', async () => {
      const [open, closed] = [limiter('open'), limiter('closed')];
      for (const each of [open, closed])
        await until('Redis decides', 10_000, async () => !(await take(each)).degraded);

      await inject(redis);
      const during = [];
      // More than the breaker waits for.
      for (let times = 0; times < 20; times += 1)
        during.push([await take(open), await take(closed)] as const);
      for (const [allowed, refused] of during) {
        expect(allowed).toMatchObject({ allowed: true, retryAfterMs: 0, remaining: 0, degraded: true });
        expect(refused).toMatchObject({ allowed: false, remaining: 0, degraded: true });
        expect(refused.retryAfterMs).toBeGreaterThan(0);
        expect(Math.max(allowed.waitedMs, refused.waitedMs)).toBeLessThan(PATIENCE_MS);
      }

      if (opensBreaker)
        await until('the breaker is open', 10_000, async () => {
          await take(closed);
          return cache.stats().breakerOpened > 0;
        });

      await heal(redis);
      for (const each of [open, closed])
        await until('Redis decides again', 20_000, async () => !(await take(each)).degraded);
    });
  });

  it('is not there when the SDK starts', async () => {
    await using redis = await RedisProcess.prepare();
    await using cache = (await createCache({ url: redis.url, l1: false }))._unsafeUnwrap();
    const open = cache.rateLimiter(perDay('open'))._unsafeUnwrap();
    expect((await open.take('4711'))._unsafeUnwrap()).toMatchObject({ allowed: true, degraded: true });
    await redis.restart();
    await until('Redis decides', 20_000, async () => !(await open.take('4711'))._unsafeUnwrap().degraded);
  });
});
