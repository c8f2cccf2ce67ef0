import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSlotwise, type SlotwiseOptions } from '../../src/index.ts';
import { ChildWorker } from '../support/child-process.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { layOutBoard, type Board } from './board.ts';
import type { Flaw } from './flaws.ts';
import { monotonicNow } from './history.ts';
import { asBaseline, type Commit } from './judge/commits.ts';
import { Ledger } from './ledger.ts';
import type { Standing, TortureNode } from './node.ts';

/** Processes that play; the first two write as well, the last only reads. */
export const NODES = 3;
export const WRITERS: readonly number[] = [2, 2, 0];
export const READERS = 4;

/** A process with its own way to Redis. */
export interface StageNode {
  readonly number: number;
  readonly process: ChildWorker<TortureNode>;
  readonly proxy: TcpProxy;
}

export interface Servers {
  readonly redis: RedisProcess;
  readonly postgresUrl: string;
  /** Where the database is. */
  readonly description: string;
}

/** What a run stands on: its own servers, the rows, and the processes that read and write them. */
export interface Stage {
  readonly redis: RedisProcess;
  readonly nodes: readonly StageNode[];
  readonly board: Board;
  readonly ledger: Ledger;
  /** First part of every key in Redis. */
  readonly prefix: string;
  /** What was committed in earlier rounds. */
  commits: readonly Commit[];
  /** Starts another process like the others, which is ended with `stack`. */
  startNode(number: number, stack: AsyncDisposableStack): Promise<StageNode>;
  /** Closes all SDKs, which must work after everything they went through, and ends their processes. */
  close(): Promise<void>;
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
  const [postgres, redis] = await Promise.all([
    PostgresProcess.start(lifetimeSeconds),
    RedisProcess.prepare([], lifetimeSeconds),
  ]);
  stack.use(redis);
  if (postgres !== undefined) stack.use(postgres);
  await redis.restart();
  const postgresUrl = postgres?.url ?? fallbackUrl;
  const { host } = new URL(postgresUrl);
  const description =
    postgres === undefined
      ? `a scratch schema of the running PostgreSQL at ${host}, because its programs are not installed here`
      : `a PostgreSQL of its own at ${host}`;
  return { redis, postgresUrl, description };
}

/** Lays out the rows and starts the processes; all of it is ended with `around`, if it was not closed before. */
export async function openStage(
  servers: Servers,
  flaw: Flaw | undefined,
  around: AsyncDisposableStack,
): Promise<Stage> {
  const stack = around.use(new AsyncDisposableStack());
  const { redis } = servers;
  const database = stack.use(new ScratchDatabase(servers.postgresUrl));
  const prefix = `torture:${randomBytes(4).toString('hex')}`;
  const board = await prepareRows(database);
  const ledger = await Ledger.open(database);
  const startNode = async (number: number, ownStack: AsyncDisposableStack): Promise<StageNode> => {
    const proxy = ownStack.use(await TcpProxy.start(redis.port));
    const child = ownStack.use(new ChildWorker<TortureNode>(new URL('node.ts', import.meta.url)));
    const options: SlotwiseOptions = {
      database: { ...database.options, pool: { max: 10 } },
      cache: { url: `redis://127.0.0.1:${proxy.port}`, prefix, l1: { maxEntries: 1000 } },
    };
    await child.call('open', { options, flaw });
    await assertSameClock(child);
    return { number, process: child, proxy };
  };
  const nodes = await Promise.all(Array.from({ length: NODES }, (_, number) => startNode(number, stack)));
  const commits = (await ledger.news()).map(asBaseline);
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.process.call('close', undefined)));
    await stack.disposeAsync();
  };
  return { redis, nodes, board, ledger, prefix, commits, startNode, close };
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

/** Waits until every process answers from the cache again; answers how long that took, in milliseconds. */
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
