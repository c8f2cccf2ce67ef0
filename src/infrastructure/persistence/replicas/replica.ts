import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplicaHealth } from '../../../application/ports/health.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { ReplicaUse } from '../../observability/metrics/summary.ts';
import type { Database } from '../database.ts';
import { messageOf } from '../error-mapping.ts';
import type { ServerOrm } from '../open-orm.ts';
import type { PrimaryLog } from './primary-log.ts';
import type { ServerProbe } from './server-probe.ts';

interface Parts {
  /** Host and port, without credentials. */
  readonly name: string;
  readonly database: Database;
  readonly connections: ServerOrm;
  readonly probe: ServerProbe;
  /** How old its data may be, in milliseconds; `false` for any age. */
  readonly maxLagMs: number | false;
  readonly logger: Logger;
}

/** What became of the last look at it. */
type Finding =
  | { readonly kind: 'unfit'; readonly detail: string }
  | {
      readonly kind: 'following';
      readonly latencyMs: number;
      /** Everything that was committed before this moment is in it; `undefined` when not even that is known. */
      readonly completeAt: number | undefined;
    };

/** A server that is frozen keeps its connections, and those who wait on them would wait for ever. */
const SILENCES_BEFORE_CUT = 2;

/** One that follows closely has in a moment what the primary has just told. */
const ASK_AGAIN_FOR_MS = 150;
const ASK_AGAIN_MS = 50;

/** One read replica, and whether it may be asked. */
export class Replica {
  readonly name: string;
  readonly database: Database;
  readonly #connections: ServerOrm;
  readonly #probe: ServerProbe;
  readonly #maxLagMs: number | false;
  readonly #logger: Logger;
  #finding: Finding = { kind: 'unfit', detail: 'has not been looked at yet' };
  #silences = 0;
  #reads = 0;
  #failures = 0;

  constructor({ name, database, connections, probe, maxLagMs, logger }: Parts) {
    this.name = name;
    this.database = database;
    this.#connections = connections;
    this.#probe = probe;
    this.#maxLagMs = maxLagMs;
    this.#logger = logger;
  }

  get usable(): boolean {
    return this.#finding.kind === 'following' && this.#isFresh(this.#finding.completeAt);
  }

  /** Looks how far it has come; the primary has just been asked the same. */
  async look(primary: PrimaryLog): Promise<void> {
    const before = this.usable;
    this.#finding = await this.#look(primary);
    if (this.usable === before) return;
    const { name: replica } = this;
    if (this.usable) this.#logger.info({ replica }, 'a read replica is in use');
    else this.#logger.warn({ replica, ...this.health() }, 'a read replica is not in use');
  }

  /** It answered a read, or began a transaction. */
  answered(): void {
    this.#reads += 1;
  }

  /** It failed somebody: nobody else asks it before it has been looked at again. */
  failed(cause: unknown): void {
    this.#failures += 1;
    this.#finding = { kind: 'unfit', detail: messageOf(cause) };
    this.#logger.warn({ replica: this.name, err: cause }, 'a read replica failed; another server answers');
  }

  health(): ReplicaHealth {
    const { name } = this;
    if (this.#finding.kind === 'unfit') return { name, status: 'down', detail: this.#finding.detail };
    const { latencyMs, completeAt } = this.#finding;
    const lag = completeAt === undefined ? {} : { lagMs: performance.now() - completeAt };
    if (this.#isFresh(completeAt)) return { name, status: 'up', latencyMs, ...lag };
    return { name, status: 'degraded', latencyMs, ...lag, detail: 'is too far behind' };
  }

  use(): ReplicaUse {
    const { name, status, lagMs } = this.health();
    const lag = lagMs === undefined ? {} : { lagMs };
    return { name, status, ...lag, reads: this.#reads, failures: this.#failures };
  }

  async close(): Promise<void> {
    this.#probe.stop();
    await this.database.close();
    await this.#connections.close();
  }

  cut(): void {
    this.#connections.cut();
    this.#connections.distrust();
  }

  async #look(primary: PrimaryLog, since = performance.now()): Promise<Finding> {
    const askedAt = performance.now();
    const standing = await this.#probe.ask();
    if (standing === undefined) {
      this.#silences += 1;
      if (this.#silences === SILENCES_BEFORE_CUT) this.cut();
      return { kind: 'unfit', detail: 'does not answer' };
    }
    this.#silences = 0;
    const objection = primary.objectionTo(standing);
    if (objection !== undefined) return { kind: 'unfit', detail: objection };
    const latencyMs = performance.now() - askedAt;
    if (standing.position < primary.position && askedAt - since < ASK_AGAIN_FOR_MS) {
      await sleep(ASK_AGAIN_MS);
      return this.#look(primary, since);
    }
    return { kind: 'following', latencyMs, completeAt: primary.lastAt(standing.position) };
  }

  #isFresh(completeAt: number | undefined): boolean {
    if (this.#maxLagMs === false) return true;
    return completeAt !== undefined && performance.now() - completeAt <= this.#maxLagMs;
  }
}
