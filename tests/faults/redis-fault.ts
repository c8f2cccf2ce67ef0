import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import {
  createSlotwise,
  type CacheStats,
  type RecruiterId,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { addedLatency, type AddedLatency } from '../support/added-latency.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { Traffic, type Phase } from '../support/traffic.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';

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

/** What a run of a scenario showed. */
export interface FaultRun {
  readonly openedAfterMs: number;
  readonly phases: readonly Phase[];
  readonly added: AddedLatency | undefined;
  /** Milliseconds from the healing to both nodes using Redis again. */
  readonly recoveredAfterMs: number;
  readonly recoveredAt: number;
  /** States `health()` of the reader went through: before, during and after the fault. */
  readonly health: readonly string[];
  /** Of the reader, at the end of each phase. */
  readonly stats: { readonly before: CacheStats; readonly during: CacheStats; readonly after: CacheStats };
  /** Recruiters whose version, read through either node at the end, is not the one committed last. */
  readonly wrongAtTheEnd: readonly string[];
  readonly unhandled: readonly unknown[];
  readonly closedAfterMs: number;
}

const PHASE_MS = 1000;
const FAULT_MS = 2500;
/** How long the protocol may take, once the link is up, to make up for commits that answered `deferred`. */
export const DEFERRED_LIMIT_MS = 1500;
/** Probes are up to five seconds apart, and a connection may have to be replaced first. */
const RECOVERY_LIMIT_MS = 12_000;

/** Goes through a scenario with reads and commits going on all the time. */
export async function runFault(scenario: Scenario): Promise<FaultRun> {
  await using stack = new AsyncDisposableStack();
  const unhandled = stack.use(new UnhandledRejections());
  const redis = stack.use(await RedisProcess.prepare(scenario.redisArgs));
  const proxy = stack.use(await TcpProxy.start(redis.port));
  const prefix = `faults:${randomBytes(6).toString('hex')}`;
  const faulty = { redis, proxy, prefix };
  await (scenario.prepare ?? (() => redis.restart()))(faulty);

  const database = stack.use(new ScratchDatabase());
  const proxied = `redis://127.0.0.1:${proxy.port}`;
  const cached = (direct: boolean | undefined): SlotwiseOptions => {
    const url = direct === true ? redis.url : proxied;
    const client = scenario.client?.(url);
    const cache = { prefix, ...(scenario.memory === true ? {} : { l1: false as const }) };
    if (client === undefined) return { database: database.options, cache: { url, ...cache } };
    stack.defer(() => client.disconnect());
    return { database: database.options, cache: { client, ...cache } };
  };
  const open = async (options: SlotwiseOptions): Promise<Slotwise> =>
    stack.use((await createSlotwise(options))._unsafeUnwrap());
  const plain = await open({ database: database.options, cache: false });
  (await plain.migrate())._unsafeUnwrap();
  const board = (await seedBoard(plain, { recruiters: 5 }))._unsafeUnwrap();
  const [quiet, ...busy] = board.recruiters.map(({ id }) => id);
  const openingAt = performance.now();
  const writer = await open(cached(scenario.direct));
  const openedAfterMs = performance.now() - openingAt;
  const reader = await open(cached(scenario.direct ?? scenario.readerDirect));

  const traffic = new Traffic({ writer, reader }, busy);
  stack.defer(async () => void (await traffic.stop()));
  const health: string[] = [];
  const look = async (): Promise<CacheStats> => {
    health.push((await reader.health()).status);
    return reader.cache.stats();
  };

  traffic.start('before');
  await sleep(PHASE_MS);
  const before = await look();

  traffic.phase('during');
  await scenario.inject(faulty);
  await sleep(scenario.outage === true ? FAULT_MS : PHASE_MS);
  const added = scenario.outage === true ? await measureAdded(reader, plain, quiet) : undefined;
  const during = await look();

  traffic.phase('recovering');
  const healedAt = performance.now();
  await scenario.heal?.(faulty);
  await hitsAgain([writer, reader], healedAt);
  const recoveredAt = performance.now();
  await sleep(DEFERRED_LIMIT_MS);

  traffic.phase('after');
  await sleep(PHASE_MS);
  const phases = await traffic.stop();
  const wrongAtTheEnd = await wrongVersions({ writer, reader }, traffic.committed);
  const after = await look();

  const closingAt = performance.now();
  for (const sdk of [writer, reader]) (await sdk.close())._unsafeUnwrap();
  return {
    openedAfterMs,
    phases,
    added,
    recoveredAfterMs: recoveredAt - healedAt,
    recoveredAt,
    health,
    stats: { before, during, after },
    wrongAtTheEnd,
    unhandled: unhandled.seen,
    closedAfterMs: performance.now() - closingAt,
  };
}

/** On a recruiter that nobody else reads: joining somebody's load would change what is measured. */
function measureAdded(
  reader: Slotwise,
  plain: Slotwise,
  quiet: RecruiterId | undefined,
): Promise<AddedLatency> {
  const id = quiet ?? 0;
  return addedLatency(
    async () => reader.read.recruiters.get(id),
    async () => plain.read.recruiters.get(id),
  );
}

async function hitsAgain(nodes: readonly Slotwise[], since: number): Promise<void> {
  const hits = (): readonly number[] => nodes.map((sdk) => hitsOf(sdk.cache.stats()));
  const before = hits();
  for (;;) {
    const up = nodes.every((sdk) => sdk.cache.stats().state === 'up');
    if (up && hits().every((count, index) => count > (before[index] ?? 0))) return;
    // The assertion on the time it took says so.
    if (performance.now() - since > RECOVERY_LIMIT_MS) return;
    await sleep(10);
  }
}

/** From memory or from Redis. */
export const hitsOf = ({ l1Hits, l2Hits }: CacheStats): number => l1Hits + l2Hits;

async function wrongVersions(
  nodes: Readonly<Record<string, Slotwise>>,
  committed: ReadonlyMap<RecruiterId, number>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [name, sdk] of Object.entries(nodes))
    for (const [id, expected] of committed) {
      const { version } = (await sdk.read.recruiters.get(id))._unsafeUnwrap();
      if (version !== expected) wrong.push(`${name}: recruiter ${id} has ${version} instead of ${expected}`);
    }
  return wrong;
}
