import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Snapshot } from '../support/redis-process.ts';
import { describeRedisFault, describeRedisOutage } from './redis-fault-promises.ts';

describeRedisOutage(
  'Redis is killed in the middle of traffic and started again empty',
  {
    inject: ({ redis }) => redis.kill(),
    heal: ({ redis }) => redis.restart(),
  },
  (run) => {
    it('says in its health that Redis is away', () => {
      expect(run().health).toEqual(['up', 'degraded', 'up']);
    });
  },
);

/** What a backup from before the last commits brings back: old entries together with the old versions they match. */
let backup: Snapshot | undefined;

describeRedisOutage('Redis is killed and started again from a snapshot older than acknowledged commits', {
  inject: async ({ redis }) => {
    backup = await redis.snapshot();
    await sleep(500);
    await redis.kill();
  },
  heal: ({ redis }) => redis.restart(backup),
});

describeRedisFault(
  'Redis is back from an older snapshot before anybody noticed more than a lost connection',
  {
    inject: async ({ redis }) => {
      const older = await redis.snapshot();
      await sleep(500);
      await redis.kill();
      await redis.restart(older);
    },
  },
);
