import type { QueryLog } from '../../../application/ports/query-log.ts';
import { tellHost } from '../../../application/tell-host.ts';
import { QueryRecorder } from './query-recorder.ts';
import type { RepeatedStatements } from './repeated-statements.ts';
import { heardBy, type HearStatement } from './sent-statement.ts';
import type { SlowStatements } from './slow-statements.ts';
import { watchedBy, watchersAround, type Watcher } from './watchers-around.ts';

/** What is kept of statements; each part may be switched off. */
export interface StatementStores {
  readonly slow?: SlowStatements | undefined;
  readonly repeated?: RepeatedStatements | undefined;
}

/** Who hears of statements, and of which unit of work they are. */
export class StatementWatch {
  readonly stores: StatementStores;
  readonly #hearSlow: HearStatement | undefined;

  constructor(stores: StatementStores) {
    this.stores = stores;
    const { slow } = stores;
    this.#hearSlow = slow && ((statement) => slow.hear(statement));
  }

  /** @param watchers of its unit of work, if it has one */
  listener(operation: string, watchers: readonly Watcher[] = []): HearStatement | undefined {
    const around = watchersAround();
    if (around.length === 0 && watchers.length === 0) return this.#hearSlow;
    return heardBy(this.#hearSlow, ...[...around, ...watchers].map((one) => one.listener(operation)));
  }

  unitOfWork(onQueries?: (log: QueryLog) => void): WatchedWork {
    return new WatchedWork(this, onQueries);
  }
}

/** The statements of one unit of work. */
export class WatchedWork {
  readonly #watch: StatementWatch;
  readonly #onQueries: ((log: QueryLog) => void) | undefined;
  readonly #recorder: QueryRecorder | undefined;
  readonly #watchers: readonly Watcher[];

  constructor(watch: StatementWatch, onQueries: ((log: QueryLog) => void) | undefined) {
    this.#watch = watch;
    this.#onQueries = onQueries;
    this.#recorder = onQueries && new QueryRecorder();
    this.#watchers = [this.#recorder, watch.stores.repeated?.unitOfWork()].filter(
      (watcher) => watcher !== undefined,
    );
  }

  listener(operation: string): HearStatement | undefined {
    return this.#watch.listener(operation, this.#watchers);
  }

  /** Runs what loads for this unit of work without being a part of its transaction. */
  readonly beside = <T>(work: () => T): T =>
    this.#watchers.reduceRight<() => T>((inside, watcher) => () => watchedBy(watcher, inside), work)();

  ended(): void {
    if (this.#recorder !== undefined) tellHost(this.#onQueries, this.#recorder.log);
  }
}
