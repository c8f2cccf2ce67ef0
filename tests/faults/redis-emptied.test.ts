import { setTimeout as sleep } from 'node:timers/promises';
import { describeRedisFault } from './redis-fault-promises.ts';
import type { FaultyRedis } from './redis-fault.ts';

const TIMES = 20;
const PAUSE_MS = 40;

const again = async (fault: () => Promise<unknown>): Promise<void> => {
  for (let times = 0; times < TIMES; times += 1) {
    await fault();
    await sleep(PAUSE_MS);
  }
};

describeRedisFault('FLUSHALL is sent to Redis again and again', {
  inject: ({ redis }) => again(() => redis.ask((client) => client.flushall())),
});

const deleteVersions = ({ redis, prefix }: FaultyRedis): Promise<unknown> =>
  redis.ask(async (client) => {
    const versions = await client.keys(`${prefix}:v:*`);
    return versions.length === 0 ? 0 : client.del(versions);
  });

describeRedisFault('the versions are deleted again and again and the entries are left', {
  inject: (faulty) => again(() => deleteVersions(faulty)),
});
