import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSlotwise, type CacheOptions } from '../../src/index.ts';
import { ChildWorker } from '../support/child-process.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { layOutBoard, type Board } from './board.ts';
import type { Flaw } from './flaws.ts';
import { monotonicNow } from './history.ts';
import { besideRedis, redisAlone, toldByDatabase, type Rules } from './judge/bounds.ts';
import { asBaseline, type Commit } from './judge/commits.ts';
import { Ledger } from './ledger.ts';
import type { Standing, TortureNode } from './node.ts';

/** Processes that play; the first two write as well, the last only reads. */
export const NODES = 3;
export const WRITERS: readonly number[] = [2, 2, 0];
export const READERS = 4;

/** A process with its own way to whatever tells it of changes: Redis, or PostgreSQL. */
export interface StageNode {
  readonly number: number;
  readonly process: ChildWorker<TortureNode>;
  readonly proxy: TcpProxy;
  /** Its way to PostgreSQL, which may be the same. */
  readonly database: TcpProxy;
}

export interface Servers {
  readonly redis: RedisProcess;
  readonly postgresUrl: string;
  /** Where the database is. */
  readonly description: string;
}

/** What a run stands on: its own servers, the rows, and the processes that read and write them. */
export interface Stage {
  readonly nodes: readonly StageNode[];
  readonly board: Board;
  readonly ledger: Ledger;
  readonly database: ScratchDatabase;
  readonly rules: Rules;
  /** What was committed in earlier rounds. */
  commits: readonly Commit[];
  /** Starts another process like the others, which is ended with `stack`. */
  startNode(number: number, stack: AsyncDisposableStack): Promise<StageNode>;
  /** Closes all SDKs, which must work after everything they went through, and ends their processes. */
  close(): Promise<void>;
}

/** Processes that share a Redis. */
export interface RedisStage extends Stage {
  readonly redis: RedisProcess;
  /** First part of every key in Redis. */
  readonly prefix: string;
}

/**
 * @param lifetimeSeconds after which the servers end by themselves, should this process be killed
 * @param fallbackUrl a running PostgreSQL, for where none can be started
 */
export async function startServers(
  lifetimeSeconds: number,
  fallbackUrl: string,
  stack: AsyncDisposableStack,
): Promise<Servers> {
  const postgres = await PostgresProcess.start(lifetimeSeconds);
  if (postgres !== undefined) stack.use(postgres);
  // Only now, so that nobody else takes the port that is free before it is used.
  const redis = stack.use(await RedisProcess.prepare([], lifetimeSeconds));
  await redis.restart();
  const postgresUrl = postgres?.url ?? fallbackUrl;
  const { host } = new URL(postgresUrl);
  const description =
    postgres === undefined
      ? `a scratch schema of the running PostgreSQL at ${host}, because its programs are not installed here`
      : `a PostgreSQL of its own at ${host}`;
  return { redis, postgresUrl, description };
}

export type OpenStage<On extends Stage> = (
  servers: Servers,
  flaw: Flaw | undefined,
  around: AsyncDisposableStack,
) => Promise<On>;

/** What may stand in past its lifetime reaches it several times in a round. */
const shortLife = 200;
const common = {
  l1: { maxEntries: 1000 },
  ttl: {
    recruiter: shortLife,
    activeRecruiters: shortLife,
    recruitersOfCity: shortLife,
    city: shortLife,
    activeCities: shortLife,
  },
};

const openWithRedis =
  (rules: Rules): OpenStage<RedisStage> =>
  async ({ redis, postgresUrl }, flaw, around) => {
    const prefix = `torture:${randomBytes(4).toString('hex')}`;
    const l1 = rules.memory ? common.l1 : false;
    const way: Way = {
      rules,
      async open(stack) {
        const proxy = stack.use(await TcpProxy.start(redis.port));
        return { proxy, cache: { ...common, l1, url: `redis://127.0.0.1:${proxy.port}`, prefix } };
      },
    };
    return { ...(await openStage(postgresUrl, way, flaw, around)), redis, prefix };
  };

/** Memory in front of Redis. */
export const openRedisStage = openWithRedis(besideRedis);

/** Every read asks Redis. */
export const openRedisAloneStage = openWithRedis(redisAlone);

/** Memory alone; processes tell each other through PostgreSQL what they change. */
export const openNotifyStage: OpenStage<Stage> = ({ postgresUrl }, flaw, around) => {
  const way: Way = {
    rules: toldByDatabase,
    open: (_stack, database) => Promise.resolve({ proxy: database, cache: { ...common, notify: true } }),
  };
  return openStage(postgresUrl, way, flaw, around);
};

/** How processes hear of changes. */
interface Way {
  readonly rules: Rules;
  /** Of one process, whose way to PostgreSQL is known already. */
  readonly open: (
    stack: AsyncDisposableStack,
    database: TcpProxy,
  ) => Promise<{ readonly proxy: TcpProxy; readonly cache: CacheOptions }>;
}

/** Lays out the rows and starts the processes; all of it is ended with `around`, if it was not closed before. */
async function openStage(
  postgresUrl: string,
  { rules, open }: Way,
  flaw: Flaw | undefined,
  around: AsyncDisposableStack,
): Promise<Stage> {
  const stack = around.use(new AsyncDisposableStack());
  const database = stack.use(new ScratchDatabase(postgresUrl));
  const board = await prepareRows(database);
  const ledger = await Ledger.open(database);
  const startNode = async (number: number, ownStack: AsyncDisposableStack): Promise<StageNode> => {
    const toDatabase = ownStack.use(await TcpProxy.startBefore(postgresUrl));
    const url = toDatabase.through(postgresUrl);
    const { proxy, cache } = await open(ownStack, toDatabase);
    const child = ownStack.use(new ChildWorker<TortureNode>(new URL('node.ts', import.meta.url)));
    const options = { database: { ...database.options, url, pool: { max: 10 } }, cache };
    await child.call('open', { options, flaw });
    await assertSameClock(child);
    return { number, process: child, proxy, database: toDatabase };
  };
  const nodes = await Promise.all(Array.from({ length: NODES }, (_, number) => startNode(number, stack)));
  const commits = (await ledger.news()).map(asBaseline);
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.process.call('close', undefined)));
    await stack.disposeAsync();
  };
  return { nodes, board, ledger, database, rules, commits, startNode, close };
}

async function prepareRows(database: ScratchDatabase): Promise<Board> {
  const plain = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
  try {
    (await plain.migrate())._unsafeUnwrap();
    return (await layOutBoard(plain, NODES))._unsafeUnwrap();
  } finally {
    (await plain.close())._unsafeUnwrap();
  }
}

/** The judge compares times that different processes have read. */
async function assertSameClock(child: ChildWorker<TortureNode>): Promise<void> {
  const before = monotonicNow();
  const there = await child.call('now', undefined);
  const after = monotonicNow();
  if (there < before || there > after)
    throw new Error(`the clocks of two processes disagree: ${before} <= ${there} <= ${after} does not hold`);
}

const standings = ({ nodes }: Stage): Promise<readonly Standing[]> =>
  Promise.all(nodes.map((node) => node.process.call('standing', undefined)));

/** Waits until the cache of every process, memory if it has any, answers again; answers how long that took, in milliseconds. */
export async function untilHits(stage: Stage, limitMs: number): Promise<number> {
  const startedAt = monotonicNow();
  const before = await standings(stage);
  for (;;) {
    const now = await standings(stage);
    const tookMs = monotonicNow() - startedAt;
    if (now.every(({ up, hits }, index) => up && hits > (before[index]?.hits ?? 0))) return tookMs;
    if (tookMs > limitMs) return Number.POSITIVE_INFINITY;
    await sleep(20);
  }
}
