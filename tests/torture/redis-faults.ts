import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import {
  again,
  calm,
  delayListeners,
  proxies,
  renamed,
  silenceListeners,
  slowDatabase,
  stopReader,
  stormOf,
  toEachVictim,
  type Fault,
} from './fault.ts';
import { monotonicNow } from './history.ts';
import { renameAndDie } from './killed-writer.ts';
import type { Random } from './random.ts';
import type { RedisStage } from './stage.ts';

async function deleteSomeVersions(client: Redis, prefix: string, random: Random): Promise<number> {
  const versions = await client.keys(`${prefix}:v:*`);
  const some = versions.filter(() => random() < 0.5);
  return some.length === 0 ? 0 : client.del(some);
}

async function setMemory(client: Redis, policy: string, limit: number): Promise<void> {
  await client.config('SET', 'maxmemory-policy', policy);
  await client.config('SET', 'maxmemory', String(limit));
}

const killSubscribers = async (client: Redis): Promise<number> =>
  Number(await client.client('KILL', 'TYPE', 'pubsub'));

/** A counter that the server keeps; 0 as long as there is nothing to count. */
async function counted(client: Redis, name: string): Promise<number> {
  const info = await client.info('everything');
  return Number(new RegExp(`^${name}:(?:count=)?(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}

/** Less than an empty server needs. */
const NO_MEMORY = 1;
const ANY_MEMORY = 0;
const EVICTION_PAUSE_MS = 100;
const ROUND_TRIP_MS = 200;
/** Enough commits are acknowledged meanwhile that a snapshot from before is out of date. */
const SNAPSHOT_AGE_MS = 400;

/** Each by itself. */
const singleFaults: readonly Fault<RedisStage>[] = [
  calm,
  {
    name: 'freeze',
    description: 'Redis is stopped (SIGSTOP) and goes on later',
    reach: 'none',
    async act({ redis }, milliseconds) {
      redis.pause();
      await sleep(milliseconds);
      redis.resume();
    },
  },
  {
    name: 'restart-empty',
    description: 'Redis is killed and started again empty',
    reach: 'none',
    async act({ redis }, milliseconds) {
      await redis.kill();
      await sleep(milliseconds);
      await redis.restart();
    },
  },
  {
    name: 'restart-old',
    description: 'Redis is killed and started again from a snapshot older than acknowledged bumps',
    reach: 'none',
    async act({ redis }, milliseconds) {
      const snapshot = await redis.snapshot();
      await sleep(SNAPSHOT_AGE_MS);
      await redis.kill();
      await sleep(milliseconds);
      await redis.restart(snapshot);
    },
  },
  {
    name: 'restart-old-fast',
    description: 'Redis is back from an older snapshot before anybody noticed more than a lost connection',
    reach: 'none',
    async act({ redis }, milliseconds) {
      await again(milliseconds, SNAPSHOT_AGE_MS, async () => {
        const snapshot = await redis.snapshot();
        await sleep(SNAPSHOT_AGE_MS);
        await redis.kill();
        await redis.restart(snapshot);
      });
    },
  },
  {
    name: 'cut-one',
    description: "one process's connections to Redis are cut again and again",
    reach: 'others',
    async act(stage, milliseconds) {
      await toEachVictim(stage, milliseconds, (proxy, shareMs) => again(shareMs, 200, () => proxy.cut()));
    },
  },
  {
    name: 'swallow-one',
    description: "one process's connections to Redis are silent",
    reach: 'others',
    async act(stage, milliseconds) {
      await toEachVictim(stage, milliseconds, async (proxy, shareMs) => {
        proxy.swallow();
        await sleep(shareMs);
        proxy.heal();
      });
    },
  },
  {
    name: 'one-way',
    description: 'of one process only the commands, then only the answers, get lost',
    reach: 'others',
    async act(stage, milliseconds) {
      await toEachVictim(stage, milliseconds, async (proxy, shareMs) => {
        for (const direction of ['answers', 'requests'] as const) {
          proxy.swallow([direction]);
          await sleep(shareMs / 2);
          // What was held up is lost, and the connection with it.
          proxy.cut();
          proxy.heal();
        }
      });
    },
  },
  {
    name: 'latency',
    description: `every answer of Redis takes ${ROUND_TRIP_MS} ms`,
    reach: 'none',
    async act(stage, milliseconds) {
      for (const proxy of proxies(stage)) proxy.delay(ROUND_TRIP_MS / 2);
      await sleep(milliseconds);
      for (const proxy of proxies(stage)) proxy.heal();
    },
  },
  {
    name: 'flapping',
    description: 'the network comes and goes',
    reach: 'none',
    async act(stage, milliseconds) {
      await again(milliseconds, 150, async (times) => {
        for (const proxy of proxies(stage)) proxy.swallow();
        await sleep(100);
        for (const proxy of proxies(stage)) {
          if (times % 2 === 0) proxy.cut();
          proxy.heal();
        }
      });
    },
  },
  {
    name: 'noeviction',
    description: 'the memory of Redis is full and nothing may be evicted',
    reach: 'all',
    async act({ redis }, milliseconds) {
      await redis.ask((client) => setMemory(client, 'noeviction', NO_MEMORY));
      await sleep(milliseconds);
      return redis.ask(async (client) => {
        await setMemory(client, 'noeviction', ANY_MEMORY);
        return { hits: await counted(client, 'errorstat_OOM') };
      });
    },
  },
  {
    name: 'eviction',
    description: 'Redis evicts entries and versions (allkeys-lru)',
    reach: 'all',
    async act({ redis }, milliseconds) {
      await again(milliseconds, EVICTION_PAUSE_MS, (times) =>
        redis.ask((client) => setMemory(client, 'allkeys-lru', times % 2 === 0 ? NO_MEMORY : ANY_MEMORY)),
      );
      return redis.ask(async (client) => {
        await setMemory(client, 'noeviction', ANY_MEMORY);
        return { hits: await counted(client, 'evicted_keys') };
      });
    },
  },
  {
    name: 'flushall',
    description: 'FLUSHALL is sent again and again',
    reach: 'all',
    async act({ redis }, milliseconds) {
      const flush = async (client: Redis): Promise<number> => {
        const keys = await client.dbsize();
        await client.flushall();
        return keys;
      };
      return { hits: await again(milliseconds, 70, () => redis.ask(flush)) };
    },
  },
  {
    name: 'script-flush',
    description: 'SCRIPT FLUSH is sent again and again',
    reach: 'all',
    async act({ redis }, milliseconds) {
      const flush = async (client: Redis): Promise<number> => {
        const scripts = await counted(client, 'number_of_cached_scripts');
        await client.script('FLUSH');
        return scripts;
      };
      return { hits: await again(milliseconds, 30, () => redis.ask(flush)) };
    },
  },
  {
    name: 'delete-versions',
    description: 'half of the versions are deleted again and again, and the entries are left',
    reach: 'all',
    act: async ({ redis, prefix }, milliseconds, random) => ({
      hits: await again(milliseconds, 50, () =>
        redis.ask((client) => deleteSomeVersions(client, prefix, random)),
      ),
    }),
  },
  {
    name: 'kill-writer',
    description: 'a writer is killed (SIGKILL) between its commit and its bump',
    reach: 'all',
    async act(stage, milliseconds) {
      const until = monotonicNow() + milliseconds;
      let diedAt: number;
      do diedAt = await renameAndDie(stage, (proxy) => proxy.swallow());
      while (monotonicNow() < until);
      return { diedAt };
    },
  },
  stopReader,
  slowDatabase,
  {
    name: 'kill-subscribers',
    description: 'only the connections that listen for announcements are killed',
    reach: 'all',
    act: async ({ redis }, milliseconds) => ({
      hits: await again(milliseconds, 250, () => redis.ask(killSubscribers)),
    }),
  },
  {
    name: 'silent-subscribers',
    description: 'only the connections that listen for announcements are silent',
    reach: 'all',
    act: silenceListeners,
  },
  {
    name: 'late-subscribers',
    description: 'announcements arrive nearly as late as memory may go without',
    reach: 'all',
    act: delayListeners,
  },
];

/** What may happen to a Redis and to the ways that lead to it. */
export const redisFaults: readonly Fault<RedisStage>[] = [...singleFaults, stormOf('storm', singleFaults)];

/** The same in short, where every read asks Redis. */
export const redisAloneFaults: readonly Fault<RedisStage>[] = [
  renamed(calm, 'alone-nothing'),
  stormOf('alone-storm', singleFaults),
];
