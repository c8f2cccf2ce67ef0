import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggedStatement, QueryLog } from '../../../application/ports/query-log.ts';
import type { HearStatement, SentStatement } from './sent-statement.ts';
import { shapeOf } from './shape-of.ts';

const MAX_STATEMENTS = 1000;

/** Writes down the statements of some work. */
export class QueryRecorder {
  readonly #statements: LoggedStatement[] = [];
  #count = 0;
  #failed = 0;
  #totalMs = 0;

  readonly hear: HearStatement = ({ operation, durationMs, failure, sql }: SentStatement) => {
    const failed = failure !== undefined;
    this.#count += 1;
    this.#totalMs += durationMs;
    if (failed) this.#failed += 1;
    if (this.#statements.length < MAX_STATEMENTS)
      this.#statements.push({ operation, sql: shapeOf(sql()), durationMs, failed });
  };

  get log(): QueryLog {
    return {
      count: this.#count,
      failed: this.#failed,
      totalMs: this.#totalMs,
      statements: [...this.#statements],
    };
  }
}

/** Work inside work belongs to both. */
const current = new AsyncLocalStorage<readonly QueryRecorder[]>();

/** Whoever wants to hear of the statements of the code that asks. */
export const recordersAround = (): readonly HearStatement[] =>
  (current.getStore() ?? []).map(({ hear }) => hear);

export const recordInto = <T>(recorder: QueryRecorder, work: () => T): T =>
  current.run([...(current.getStore() ?? []), recorder], work);
