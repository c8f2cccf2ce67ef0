import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { monotonicNow } from './history.ts';
import { renameAndDie } from './killed-writer.ts';
import { oneOf, type Random } from './random.ts';
import type { Stage, StageNode } from './stage.ts';

/** Which processes can reach Redis while the fault is on: `others` than those it is done to. */
export type Reach = 'all' | 'others' | 'none';

export interface Fault {
  readonly name: string;
  /** Completes "while ...". */
  readonly description: string;
  readonly reach: Reach;
  /** Brings the fault about, keeps it up for so long, and heals it. */
  readonly act: (stage: Stage, milliseconds: number, random: Random) => Promise<Outcome | void>;
}

export interface Outcome {
  /** What was hit: keys that were lost, connections that were killed. Nothing hit, nothing shown. */
  readonly hits?: number;
  /** When the last writer that was killed was dead. */
  readonly diedAt?: number;
}

/** The processes that a fault for `others` is done to: one that writes and one that only reads; never the second. */
const WRITER = 0;
const READER = 2;
export const victims: readonly number[] = [WRITER, READER];

const nodeAt = ({ nodes }: Stage, number: number): StageNode => {
  const node = nodes[number];
  if (node === undefined) throw new Error(`there is no process ${number}`);
  return node;
};

const proxies = ({ nodes }: Stage): readonly TcpProxy[] => nodes.map(({ proxy }) => proxy);

/** Does something over and over until the time is over; answers the sum of what it answered. */
async function again(
  milliseconds: number,
  pauseMs: number,
  act: (times: number) => number | void | Promise<number | void>,
): Promise<number> {
  const until = monotonicNow() + milliseconds;
  let sum = 0;
  for (let times = 0; ; times += 1) {
    sum += (await act(times)) ?? 0;
    if (monotonicNow() + pauseMs > until) return sum;
    await sleep(pauseMs);
  }
}

/** First to a process that writes, then to one that only reads. */
async function toEachVictim(
  stage: Stage,
  milliseconds: number,
  act: (proxy: TcpProxy, shareMs: number) => Promise<unknown>,
): Promise<void> {
  for (const victim of victims) await act(nodeAt(stage, victim).proxy, milliseconds / victims.length);
}

async function deleteSomeVersions(client: Redis, prefix: string, random: Random): Promise<number> {
  const versions = await client.keys(`${prefix}:v:*`);
  const some = versions.filter(() => random() < 0.5);
  return some.length === 0 ? 0 : client.del(some);
}

async function setMemory(client: Redis, policy: string, limit: number): Promise<void> {
  await client.config('SET', 'maxmemory-policy', policy);
  await client.config('SET', 'maxmemory', String(limit));
}

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
/** Longer than L1 may go without having heard from the backplane. */
const SUSPENSION_MS = 1600;
/** Enough commits are acknowledged meanwhile that a snapshot from before is out of date. */
const SNAPSHOT_AGE_MS = 400;

/** What all others are compared with. */
export const calm: Fault = {
  name: 'nothing',
  description: 'nothing fails',
  reach: 'all',
  act: (_stage, milliseconds) => sleep(milliseconds),
};

/** Each by itself. */
const singleFaults: readonly Fault[] = [
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
    act: (stage, milliseconds) =>
      toEachVictim(stage, milliseconds, (proxy, shareMs) => again(shareMs, 200, () => proxy.cut())),
  },
  {
    name: 'swallow-one',
    description: "one process's connections to Redis are silent",
    reach: 'others',
    act: (stage, milliseconds) =>
      toEachVictim(stage, milliseconds, async (proxy, shareMs) => {
        proxy.swallow();
        await sleep(shareMs);
        proxy.heal();
      }),
  },
  {
    name: 'one-way',
    description: 'of one process only the commands, then only the answers, get lost',
    reach: 'others',
    act: (stage, milliseconds) =>
      toEachVictim(stage, milliseconds, async (proxy, shareMs) => {
        for (const direction of ['answers', 'requests'] as const) {
          proxy.swallow([direction]);
          await sleep(shareMs / 2);
          // What was held up is lost, and the connection with it.
          proxy.cut();
          proxy.heal();
        }
      }),
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
      do diedAt = await renameAndDie(stage);
      while (monotonicNow() < until);
      return { diedAt };
    },
  },
  {
    name: 'stop-reader',
    description: 'a process that only reads is stopped (SIGSTOP) for longer than the heartbeat limit',
    reach: 'others',
    async act(stage, milliseconds) {
      await again(milliseconds, 300, async () => {
        const { process: reader } = nodeAt(stage, READER);
        reader.pause();
        await sleep(SUSPENSION_MS);
        reader.resume();
      });
    },
  },
  {
    name: 'kill-subscribers',
    description: 'only the connections that listen for announcements are killed',
    reach: 'all',
    async act({ redis }, milliseconds) {
      await again(milliseconds, 250, async () => {
        await redis.ask((client) => client.client('KILL', 'TYPE', 'pubsub'));
      });
    },
  },
];

const STORM_GUST_MS = { shortest: 100, longest: 1500 } as const;

const storm: Fault = {
  name: 'storm',
  description: 'any of these happens, one after the other, before anything has recovered',
  reach: 'none',
  async act(stage, milliseconds, random) {
    const { shortest, longest } = STORM_GUST_MS;
    let outcome: Outcome = {};
    await again(milliseconds, 0, async () => {
      const { act } = oneOf(random, singleFaults);
      const { diedAt } = (await act(stage, shortest + random() * (longest - shortest), random)) ?? {};
      if (diedAt !== undefined) outcome = { diedAt };
    });
    return outcome;
  },
};

export const faults: readonly Fault[] = [...singleFaults, storm];
