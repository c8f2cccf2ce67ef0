import { setTimeout as sleep } from 'node:timers/promises';
import {
  createSlotwise,
  type CacheOptions,
  type CacheStats,
  type RecruiterId,
  type Slotwise,
} from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { addedLatency, type AddedLatency } from './added-latency.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { Traffic, type Phase, type TrafficNodes } from './traffic.ts';
import { UnhandledRejections } from './unhandled-rejections.ts';

/** Something that happens to Redis while several SDKs read and commit. */
export interface Upheaval {
  readonly writer: CacheOptions;
  readonly reader: CacheOptions;
  /** A third SDK, which has no memory of its own. */
  readonly bare?: CacheOptions | undefined;
  readonly happen: () => Promise<void>;
  /** Brings back a working Redis; when left out it comes back by itself. */
  readonly heal?: (() => Promise<void>) | undefined;
  /** Whether the link goes down, so that there is latency to measure meanwhile. */
  readonly outage?: true | undefined;
}

/** What a run showed. */
export interface TrafficRun {
  readonly openedAfterMs: number;
  readonly phases: readonly Phase[];
  readonly added: AddedLatency | undefined;
  /** Milliseconds from the healing to all nodes using Redis again. */
  readonly recoveredAfterMs: number;
  readonly recoveredAt: number;
  /** From the beginning of what happened to the last moment at which a node or a commit was without Redis. */
  readonly disturbedForMs: number;
  /** States `health()` of the reader went through: before, during and afterwards. */
  readonly health: readonly string[];
  /** Of the reader, at the end of each phase. */
  readonly stats: { readonly before: CacheStats; readonly during: CacheStats; readonly after: CacheStats };
  /** Recruiters whose version, read through any node at the end, is not the one committed last. */
  readonly wrongAtTheEnd: readonly string[];
  readonly unhandled: readonly unknown[];
  readonly closedAfterMs: number;
}

const PHASE_MS = 1000;
const OUTAGE_MS = 2500;
/** How long the protocol may take, once the link is up, to make up for commits that answered `deferred`. */
export const DEFERRED_LIMIT_MS = 1500;
/** Probes are up to five seconds apart, and a connection may have to be replaced first. */
const RECOVERY_LIMIT_MS = 12_000;

/** Goes through an upheaval with reads and commits going on all the time. */
export async function runUnderTraffic(upheaval: Upheaval): Promise<TrafficRun> {
  await using stack = new AsyncDisposableStack();
  const unhandled = stack.use(new UnhandledRejections());
  const database = stack.use(new ScratchDatabase());
  const open = async (cache: false | CacheOptions): Promise<Slotwise> =>
    stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
  const plain = await open(false);
  (await plain.migrate())._unsafeUnwrap();
  const board = (await seedBoard(plain, { recruiters: 5 }))._unsafeUnwrap();
  const [quiet, ...busy] = board.recruiters.map(({ id }) => id);
  const openingAt = performance.now();
  const writer = await open(upheaval.writer);
  const openedAfterMs = performance.now() - openingAt;
  const reader = await open(upheaval.reader);
  const bare = upheaval.bare && (await open({ ...upheaval.bare, l1: false }));
  const nodes: TrafficNodes = { writer, reader, bare };
  const all = [writer, reader, ...(bare ? [bare] : [])];

  const traffic = new Traffic(nodes, busy);
  stack.defer(async () => void (await traffic.stop()));
  const states = stack.use(new StateWatch(all));
  const health: string[] = [];
  const look = async (): Promise<CacheStats> => {
    health.push((await reader.health()).status);
    return reader.cache.stats();
  };

  traffic.start('before');
  await sleep(PHASE_MS);
  const before = await look();

  traffic.phase('during');
  const happenedAt = performance.now();
  await upheaval.happen();
  await sleep(upheaval.outage === true ? OUTAGE_MS : PHASE_MS);
  const added = upheaval.outage === true ? await measureAdded(reader, plain, quiet) : undefined;
  const during = await look();

  traffic.phase('recovering');
  const healedAt = performance.now();
  await upheaval.heal?.();
  await hitsAgain(all, healedAt);
  const recoveredAt = performance.now();
  await sleep(DEFERRED_LIMIT_MS);

  traffic.phase('after');
  await sleep(PHASE_MS);
  const phases = await traffic.stop();
  const wrongAtTheEnd = await wrongVersions(nodes, traffic.committed);
  const after = await look();
  const lastDisturbedAt = Math.max(
    states.lastDegradedAt,
    ...phases.map(({ lastDeferredAt }) => lastDeferredAt),
  );

  const closingAt = performance.now();
  for (const sdk of all) (await sdk.close())._unsafeUnwrap();
  return {
    openedAfterMs,
    phases,
    added,
    recoveredAfterMs: recoveredAt - healedAt,
    recoveredAt,
    disturbedForMs: Math.max(0, lastDisturbedAt - happenedAt),
    health,
    stats: { before, during, after },
    wrongAtTheEnd,
    unhandled: unhandled.seen,
    closedAfterMs: performance.now() - closingAt,
  };
}

const LOOK_MS = 5;

/** Looks often whether Redis is in use. */
class StateWatch implements Disposable {
  lastDegradedAt = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(nodes: readonly Slotwise[]) {
    this.#timer = setInterval(() => {
      if (nodes.some((sdk) => sdk.cache.stats().state !== 'up')) this.lastDegradedAt = performance.now();
    }, LOOK_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
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
  nodes: TrafficNodes,
  committed: ReadonlyMap<RecruiterId, number>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [name, sdk] of Object.entries(nodes) as [string, Slotwise | undefined][])
    for (const [id, expected] of committed) {
      if (sdk === undefined) continue;
      const { version } = (await sdk.read.recruiters.get(id))._unsafeUnwrap();
      if (version !== expected) wrong.push(`${name}: recruiter ${id} has ${version} instead of ${expected}`);
    }
  return wrong;
}
