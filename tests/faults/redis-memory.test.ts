import { expect, it } from 'vitest';
import type { RedisProcess } from '../support/redis-process.ts';
import { describeRedisFault } from './redis-fault-promises.ts';

/** Leaves no room for another key, whatever the server needs for itself. */
const fill = (redis: RedisProcess): Promise<unknown> =>
  redis.ask((client) => client.config('SET', 'maxmemory', '1'));
const empty = (redis: RedisProcess): Promise<unknown> =>
  redis.ask((client) => client.config('SET', 'maxmemory', '0'));

describeRedisFault(
  'the memory of Redis is full and nothing may be evicted',
  {
    redisArgs: ['--maxmemory-policy', 'noeviction'],
    inject: async ({ redis }) => void (await fill(redis)),
    heal: async ({ redis }) => void (await empty(redis)),
  },
  (run) => {
    it('goes on invalidating: every commit answers applied', () => {
      expect(run().phases.map(({ deferred }) => deferred)).toEqual([0, 0, 0, 0]);
    });

    it('counts the fills that were refused and does not take Redis out of use for them', () => {
      const { before, during } = run().stats;
      expect(during.failedFills).toBeGreaterThan(before.failedFills);
      expect(during).toMatchObject({ state: 'up', breakerOpened: before.breakerOpened });
    });
  },
);

describeRedisFault('Redis evicts entries and versions as soon as they are written', {
  redisArgs: ['--maxmemory-policy', 'allkeys-random'],
  inject: async ({ redis }) => void (await fill(redis)),
  heal: async ({ redis }) => void (await empty(redis)),
});
