import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitReport, Recruiter, RecruiterId, ResultAsync, Slotwise } from '../../src/index.ts';
import { CommitLedger, type StaleRead } from './commit-ledger.ts';

/** The SDK instances that a run works with; both stand on the same database and the same Redis. */
export interface TrafficNodes {
  /** Commits, and reads what it committed. */
  readonly writer: Slotwise;
  /** Only reads. */
  readonly reader: Slotwise;
  /** The same without memory of its own: whatever it finds comes from Redis or the database. */
  readonly bare?: Slotwise | undefined;
}

type NodeName = keyof TrafficNodes;

/** What happened between two moments of a run. Operations count where they started; times are in milliseconds. */
export interface Phase {
  readonly name: string;
  readonly startedAt: number;
  reads: number;
  slowestReadMs: number;
  applied: number;
  deferred: number;
  slowestCommitMs: number;
  /** When the last commit was answered that could not tell the cache; 0 when there was none. */
  lastDeferredAt: number;
  /** Errors of reads and commits, which are never expected. */
  readonly failures: unknown[];
  /** By which node a read was answered with something older than an acknowledged commit. */
  readonly staleReads: Readonly<Record<NodeName, StaleRead[]>>;
}

const nodeNames: readonly NodeName[] = ['writer', 'reader', 'bare'];

const READ_PAUSE_MS = 2;
const COMMIT_PAUSE_MS = 10;

type Read = (
  sdk: Slotwise,
  ids: readonly RecruiterId[],
) => ResultAsync<Iterable<Recruiter>, { readonly type: string }>;

/** One loop per kind of read and node: a single entity, several at once, and a list. */
const reads: readonly Read[] = [
  (sdk, ids) => sdk.read.recruiters.get(ids[Math.floor(Math.random() * ids.length)] ?? 0).map((one) => [one]),
  (sdk, ids) => sdk.read.recruiters.getMany(ids).map((found) => found.values()),
  (sdk) => sdk.read.recruiters.getActive(),
];

/** Renames a recruiter in a transaction of its own and says what became of the cache. */
export async function rename(
  sdk: Slotwise,
  id: RecruiterId,
  name: string,
): Promise<{ readonly recruiter: Recruiter; readonly invalidation: CommitReport['invalidation'] }> {
  let invalidation: CommitReport['invalidation'] | undefined;
  const renamed = await sdk.transaction(
    (uow) =>
      uow.recruiters
        .getForShare(id)
        .andThen((recruiter) => recruiter.rename(name))
        .andThen((recruiter) => uow.recruiters.update(recruiter)),
    {
      onCommit: (report) => {
        ({ invalidation } = report);
      },
    },
  );
  if (renamed.isErr()) throw new Error(`the rename failed: ${renamed.error.type}`, { cause: renamed.error });
  if (invalidation === undefined) throw new Error('onCommit was not called');
  return { recruiter: renamed.value, invalidation };
}

/** Reads and commits that go on whatever happens to Redis, one writer for each recruiter, and what came of them. */
export class Traffic {
  readonly #nodes: TrafficNodes;
  readonly #ids: readonly RecruiterId[];
  readonly #ledger = new CommitLedger();
  readonly #phases: Phase[] = [];
  #loops: Promise<unknown> = Promise.resolve();
  #running = false;

  constructor(nodes: TrafficNodes, ids: readonly RecruiterId[]) {
    this.#nodes = nodes;
    this.#ids = ids;
  }

  start(phase: string): void {
    this.#running = true;
    this.phase(phase);
    this.#loops = Promise.all([
      ...this.#ids.map((id) => this.#commits(id)),
      ...reads.flatMap((read) => nodeNames.map((node) => this.#reads(node, read))),
    ]);
  }

  /** From here on operations count for another phase. */
  phase(name: string): void {
    this.#phases.push({
      name,
      startedAt: performance.now(),
      reads: 0,
      slowestReadMs: 0,
      applied: 0,
      deferred: 0,
      slowestCommitMs: 0,
      lastDeferredAt: 0,
      failures: [],
      staleReads: { writer: [], reader: [], bare: [] },
    });
  }

  async stop(): Promise<readonly Phase[]> {
    this.#running = false;
    await this.#loops;
    return this.#phases;
  }

  /** The version each recruiter was last committed with. */
  get committed(): ReadonlyMap<RecruiterId, number> {
    return new Map(this.#ids.map((id) => [id, this.#ledger.newest(id)?.version ?? 1]));
  }

  get #phase(): Phase {
    const phase = this.#phases.at(-1);
    if (phase === undefined) throw new Error('not started');
    return phase;
  }

  async #commits(id: RecruiterId): Promise<void> {
    for (let count = 1; this.#running; count += 1) {
      const phase = this.#phase;
      const startedAt = performance.now();
      try {
        const { recruiter, invalidation } = await rename(this.#nodes.writer, id, `Renamed ${count}`);
        const at = performance.now();
        this.#ledger.acknowledge(id, { version: recruiter.version, at, applied: invalidation === 'applied' });
        phase[invalidation] += 1;
        if (invalidation === 'deferred') phase.lastDeferredAt = at;
      } catch (cause) {
        phase.failures.push(cause);
      }
      phase.slowestCommitMs = Math.max(phase.slowestCommitMs, performance.now() - startedAt);
      await sleep(COMMIT_PAUSE_MS);
    }
  }

  async #reads(node: NodeName, read: Read): Promise<void> {
    const sdk = this.#nodes[node];
    if (sdk === undefined) return;
    while (this.#running) {
      const phase = this.#phase;
      const startedAt = performance.now();
      const answer = await read(sdk, this.#ids);
      phase.reads += 1;
      phase.slowestReadMs = Math.max(phase.slowestReadMs, performance.now() - startedAt);
      if (answer.isErr()) phase.failures.push(answer.error);
      else
        for (const { id, version } of answer.value) {
          const stale = this.#ledger.missedBy(id, startedAt, version);
          if (stale !== undefined) phase.staleReads[node].push(stale);
        }
      await sleep(READ_PAUSE_MS);
    }
  }
}
