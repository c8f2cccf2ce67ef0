import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeRedisFault, describeRedisOutage } from './redis-fault-promises.ts';
import { DEFERRED_LIMIT_MS } from '../support/run-under-traffic.ts';

describeRedisFault('connections to Redis are cut again and again', {
  inject: async ({ proxy }) => {
    for (let cuts = 0; cuts < 5; cuts += 1) {
      proxy.cut();
      await sleep(300);
    }
  },
});

describeRedisOutage('commands reach Redis but its answers are held up', {
  inject: async ({ proxy }) => proxy.swallow(['answers']),
  heal: async ({ proxy }) => proxy.heal(),
});

describeRedisOutage('Redis goes silent and the connection breaks in the end', {
  inject: async ({ proxy }) => proxy.swallow(),
  heal: async ({ proxy }) => {
    proxy.cut();
    proxy.heal();
  },
});

describeRedisOutage('Redis answers more slowly than a read may wait', {
  inject: async ({ proxy }) => proxy.delay(100),
  heal: async ({ proxy }) => proxy.heal(),
});

describeRedisFault(
  'only the node that commits loses Redis',
  {
    readerDirect: true,
    inject: async ({ proxy }) => {
      proxy.swallow();
      await sleep(2000);
    },
    heal: async ({ proxy }) => proxy.heal(),
  },
  (run) => {
    it('lets the other node relay what the writer could not say', () => {
      const [, during] = run().phases;
      expect(during?.deferred).toBeGreaterThan(20);
      expect(during?.staleReads.reader.length).toBeGreaterThan(0);
      const oldest = Math.max(
        ...(during?.staleReads.reader ?? []).map(({ startedAt, missed }) => startedAt - missed.at),
      );
      expect(oldest).toBeLessThan(DEFERRED_LIMIT_MS);
    });
  },
);
