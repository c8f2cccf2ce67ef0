import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeRedisFault, describeRedisOutage } from './redis-fault-promises.ts';

describeRedisOutage('with memory in front, Redis is frozen in the middle of traffic and goes on later', {
  memory: true,
  inject: async ({ redis }) => redis.pause(),
  heal: async ({ redis }) => redis.resume(),
});

describeRedisOutage('with memory in front, Redis is killed and started again empty', {
  memory: true,
  inject: ({ redis }) => redis.kill(),
  heal: ({ redis }) => redis.restart(),
});

describeRedisOutage('with memory in front, commands and announcements are held up on their way back', {
  memory: true,
  inject: async ({ proxy }) => proxy.swallow(['answers']),
  heal: async ({ proxy }) => proxy.heal(),
});

describeRedisFault('with memory in front, connections to Redis are cut again and again', {
  memory: true,
  inject: async ({ proxy }) => {
    for (let cuts = 0; cuts < 5; cuts += 1) {
      proxy.cut();
      await sleep(300);
    }
  },
});

describeRedisFault(
  'with memory in front, only the connections that listen are killed, again and again',
  {
    memory: true,
    inject: async ({ redis }) => {
      for (let kills = 0; kills < 4; kills += 1) {
        await redis.ask((client) => client.client('KILL', 'TYPE', 'pubsub'));
        await sleep(300);
      }
    },
  },
  (run) => {
    it('empties the memory each time', () => {
      const { before, after } = run().stats;
      expect(after.announcementsLost - before.announcementsLost).toBeGreaterThanOrEqual(2);
    });
  },
);

describeRedisFault('with memory in front, FLUSHALL is sent to Redis again and again', {
  memory: true,
  inject: async ({ redis }) => {
    for (let flushes = 0; flushes < 5; flushes += 1) {
      await redis.ask((client) => client.flushall());
      await sleep(200);
    }
  },
});
