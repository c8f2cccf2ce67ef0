import type { ReplicaHealth } from '../../../application/ports/health.ts';
import type { ReplicaUse } from '../../observability/metrics/summary.ts';
import type { Database } from '../database.ts';
import type { OpenTransaction, TransactionSettings } from '../open-transaction.ts';
import type { Db } from '../rows/tables.ts';
import { PrimaryLog } from './primary-log.ts';
import { replicaFault } from './replica-fault.ts';
import type { Replica } from './replica.ts';
import type { ServerProbe } from './server-probe.ts';

interface Parts {
  readonly primary: Database;
  readonly primaryProbe: ServerProbe;
  readonly replicas: readonly Replica[];
}

const LOOK_EVERY_MS = 1000;

/**
 * Answers reads from the replicas in turn, and from the primary where none of them may or can answer. For whoever asked
 * for it: what they answer can be old, so it must never be stored for others or decide a write.
 */
export class Replicas {
  readonly #primary: Database;
  readonly #primaryProbe: ServerProbe;
  readonly #replicas: readonly Replica[];
  readonly #log = new PrimaryLog();
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({ primary, primaryProbe, replicas }: Parts) {
    this.#primary = primary;
    this.#primaryProbe = primaryProbe;
    this.#replicas = replicas;
  }

  /** Looks at all servers, and again once a second; answers when the first look is over, after three seconds at most. */
  start(): Promise<void> {
    return this.#watch();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#primaryProbe.stop();
    await Promise.all(this.#replicas.map((replica) => replica.close()));
  }

  cut(): void {
    for (const replica of this.#replicas) replica.cut();
  }

  health(): readonly ReplicaHealth[] {
    return this.#replicas.map((replica) => replica.health());
  }

  use(): readonly ReplicaUse[] {
    return this.#replicas.map((replica) => replica.use());
  }

  /** Runs statements that only read; they are run again elsewhere when a replica fails them. */
  read<T>(statements: (db: Db) => Promise<T>): Promise<T> {
    return this.#somewhere(
      // Not tried again on the same server: there is another one.
      (replica) => replica.query(statements),
      (primary) => primary.read(statements),
    );
  }

  /** Begins a transaction that only reads. It stays where it began. */
  begin(settings: TransactionSettings): Promise<OpenTransaction> {
    const begin = (database: Database): Promise<OpenTransaction> => database.begin(settings);
    return this.#somewhere(begin, begin);
  }

  async #somewhere<T>(
    onReplica: (replica: Database) => Promise<T>,
    onPrimary: (primary: Database) => Promise<T>,
  ): Promise<T> {
    for (const replica of this.#inTurn()) {
      try {
        const answer = await onReplica(replica.database);
        replica.answered();
        return answer;
      } catch (cause) {
        const fault = replicaFault(cause);
        if (fault === 'statement') throw cause;
        if (fault === 'replica') replica.failed(cause);
      }
    }
    return onPrimary(this.#primary);
  }

  #inTurn(): readonly Replica[] {
    const usable = this.#replicas.filter((replica) => replica.usable);
    this.#turn += 1;
    const first = this.#turn % Math.max(usable.length, 1);
    return [...usable.slice(first), ...usable.slice(0, first)];
  }

  async #watch(): Promise<void> {
    const askedAt = performance.now();
    const standing = await this.#primaryProbe.ask();
    if (standing !== undefined) this.#log.record(standing, askedAt);
    await Promise.all(this.#replicas.map((replica) => replica.look(this.#log)));
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#watch(), LOOK_EVERY_MS).unref();
  }
}
