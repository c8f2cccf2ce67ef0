import { describeRedisOutage } from './redis-fault-promises.ts';

describeRedisOutage('Redis is frozen in the middle of traffic and goes on later', {
  inject: async ({ redis }) => redis.pause(),
  heal: async ({ redis }) => redis.resume(),
});
