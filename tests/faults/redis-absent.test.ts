import { expect, it } from 'vitest';
import { describeRedisOutage } from './redis-fault-promises.ts';

describeRedisOutage(
  'Redis is not running when the SDK starts, and is started later',
  {
    direct: true,
    prepare: () => Promise.resolve(),
    inject: () => Promise.resolve(),
    heal: ({ redis }) => redis.restart(),
  },
  (run) => {
    it('starts at once and says so in its health until Redis has joined', () => {
      expect(run().openedAfterMs).toBeLessThan(1000);
      expect(run().health).toEqual(['degraded', 'degraded', 'up']);
    });

    it('answers deferred, never applied, while it has not reached Redis', () => {
      const [before, during] = run().phases;
      expect([before?.applied, during?.applied]).toEqual([0, 0]);
    });
  },
);

describeRedisOutage('a proxy in front of Redis closes every connection until Redis is started', {
  prepare: () => Promise.resolve(),
  inject: () => Promise.resolve(),
  heal: ({ redis }) => redis.restart(),
});

describeRedisOutage(
  'Redis accepts connections and never answers when the SDK starts',
  {
    prepare: async ({ redis, proxy }) => {
      await redis.restart();
      proxy.swallow();
    },
    inject: () => Promise.resolve(),
    heal: async ({ proxy }) => proxy.heal(),
  },
  (run) => {
    it('waits for it no longer than one budget and says so in its health', () => {
      expect(run().openedAfterMs).toBeLessThan(1500);
      expect(run().health).toEqual(['degraded', 'degraded', 'up']);
    });
  },
);
