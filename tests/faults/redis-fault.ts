import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CacheOptions } from '../../src/index.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { runUnderTraffic, type TrafficRun } from '../support/run-under-traffic.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

/** Where a scenario takes its faults from. */
export interface FaultyRedis {
  readonly redis: RedisProcess;
  /** Between every SDK and `redis`. */
  readonly proxy: TcpProxy;
  /** First part of every key of the run. */
  readonly prefix: string;
}

export interface Scenario {
  readonly redisArgs?: readonly string[];
  /** The SDKs connect to the server itself: a port nobody listens on refuses, a proxy in front of it would not. */
  readonly direct?: boolean;
  /** Only the writer's way to Redis goes through the proxy. */
  readonly readerDirect?: true;
  /** Memory in front of Redis, which may be as old as the backplane allows; Redis alone when left out. */
  readonly memory?: true;
  /** A client of the host for each SDK; when left out the SDK makes its own. */
  readonly client?: (url: string) => Redis;
  /** Before any SDK is opened; `redis` does not run yet. Starts it when left out. */
  readonly prepare?: (faulty: FaultyRedis) => Promise<void>;
  /** While traffic is running. */
  readonly inject: (faulty: FaultyRedis) => Promise<void>;
  /** Brings back a working Redis; when left out the fault passes by itself. */
  readonly heal?: (faulty: FaultyRedis) => Promise<void>;
  /** Whether the link goes down, so that there is a recovery to wait for and latency to measure. */
  readonly outage?: true;
}

/** Goes through a scenario with reads and commits going on all the time. */
export async function runFault(scenario: Scenario): Promise<TrafficRun> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await RedisProcess.prepare(scenario.redisArgs));
  const proxy = stack.use(await TcpProxy.start(redis.port));
  const prefix = `faults:${randomBytes(6).toString('hex')}`;
  const faulty = { redis, proxy, prefix };
  await (scenario.prepare ?? (() => redis.restart()))(faulty);

  const proxied = `redis://127.0.0.1:${proxy.port}`;
  const cached = (direct: boolean | undefined): CacheOptions => {
    const url = direct === true ? redis.url : proxied;
    const client = scenario.client?.(url);
    const cache = { prefix, ...(scenario.memory === true ? {} : { l1: false as const }) };
    if (client === undefined) return { url, ...cache };
    stack.defer(() => client.disconnect());
    return { client, ...cache };
  };
  const { heal, outage } = scenario;
  return await runUnderTraffic({
    writer: cached(scenario.direct),
    reader: cached(scenario.direct ?? scenario.readerDirect),
    happen: () => scenario.inject(faulty),
    heal: heal && (() => heal(faulty)),
    outage,
  });
}
