import type { QueryLog } from '../../../application/ports/query-log.ts';
import { tellHost } from '../../../application/tell-host.ts';
import { QueryRecorder, recordersAround } from './query-recorder.ts';
import type { RepeatedStatements, RepeatsOfWork } from './repeated-statements.ts';
import { heardBy, type HearStatement } from './sent-statement.ts';
import type { SlowStatements } from './slow-statements.ts';

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

  /** For one statement of the code that asks, outside any unit of work. */
  listener(): HearStatement | undefined {
    return heardBy(this.#hearSlow, ...recordersAround());
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
  readonly #repeats: RepeatsOfWork | undefined;

  constructor(watch: StatementWatch, onQueries: ((log: QueryLog) => void) | undefined) {
    this.#watch = watch;
    this.#onQueries = onQueries;
    this.#recorder = onQueries && new QueryRecorder();
    this.#repeats = watch.stores.repeated?.unitOfWork();
  }

  /** For one statement of the code that asks: call it before anything is waited for, while the stack names the caller. */
  listener(operation: string): HearStatement | undefined {
    return heardBy(this.#watch.listener(), this.#recorder?.hear, this.#repeats?.listener(operation));
  }

  ended(): void {
    if (this.#recorder !== undefined) tellHost(this.#onQueries, this.#recorder.log);
  }
}
