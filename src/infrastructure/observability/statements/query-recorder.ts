import type { LoggedStatement, QueryLog } from '../../../application/ports/query-log.ts';
import type { HearStatement } from './sent-statement.ts';
import { shapeOf } from './shape-of.ts';
import type { Watcher } from './watchers-around.ts';

const MAX_STATEMENTS = 1000;

/** Writes down the statements of some work. */
export class QueryRecorder implements Watcher {
  readonly #statements: LoggedStatement[] = [];
  #count = 0;
  #failed = 0;
  #totalMs = 0;

  readonly #hear: HearStatement = ({ operation, durationMs, failure, sql }) => {
    const failed = failure !== undefined;
    this.#count += 1;
    this.#totalMs += durationMs;
    if (failed) this.#failed += 1;
    if (this.#statements.length < MAX_STATEMENTS)
      this.#statements.push({ operation, sql: shapeOf(sql()), durationMs, failed });
  };

  listener(): HearStatement {
    return this.#hear;
  }

  get log(): QueryLog {
    return {
      count: this.#count,
      failed: this.#failed,
      totalMs: this.#totalMs,
      statements: [...this.#statements],
    };
  }
}
