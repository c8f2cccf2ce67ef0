import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { RepeatedStatement } from '../../../application/ports/query-diagnostics.ts';
import { callersStack } from './callers-stack.ts';
import type { HearStatement } from './sent-statement.ts';
import { shapeOf } from './shape-of.ts';
import type { Watcher } from './watchers-around.ts';

const MAX_KEPT = 100;

interface RepeatSettings {
  readonly atLeast: number;
}

interface Occurrence {
  readonly operation: string;
  readonly sql: string;
  /** In one unit of work. */
  readonly times: number;
  readonly stack: () => readonly string[];
}

/** The statements that units of work of this process have repeated, by operation and shape. */
export class RepeatedStatements {
  readonly atLeast: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** The one that was seen longest ago comes first. */
  readonly #seen = new Map<string, RepeatedStatement>();

  constructor({ atLeast }: RepeatSettings, clock: Clock, logger: Logger) {
    this.atLeast = atLeast;
    this.#clock = clock;
    this.#logger = logger;
  }

  unitOfWork(): RepeatsOfWork {
    return new RepeatsOfWork(this);
  }

  /** Reports it when it has just become one, and counts how far it goes from there. */
  notice({ operation, sql, times, stack: called }: Occurrence): void {
    const key = `${operation}\n${sql}`;
    const known = this.#seen.get(key);
    const isNew = times === this.atLeast;
    const stack = isNew || known === undefined ? called() : known.stack;
    this.#seen.delete(key);
    this.#seen.set(key, {
      operation,
      sql,
      unitsOfWork: (known?.unitsOfWork ?? 0) + (isNew ? 1 : 0),
      most: Math.max(known?.most ?? 0, times),
      stack,
      lastAt: this.#clock.now().toJSON(),
    });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_KEPT && oldest !== undefined) this.#seen.delete(oldest);
    if (isNew)
      this.#logger.warn(
        { operation, sql, times, stack },
        `one unit of work sends the statement of ${operation} again and again`,
      );
  }

  list(): readonly RepeatedStatement[] {
    return [...this.#seen.values()].toSorted((a, b) => b.most - a.most);
  }

  reset(): void {
    this.#seen.clear();
  }
}

/** How often one unit of work sends what. */
export class RepeatsOfWork implements Watcher {
  readonly #store: RepeatedStatements;
  readonly #times = new Map<string, number>();

  constructor(store: RepeatedStatements) {
    this.#store = store;
  }

  listener(operation: string): HearStatement {
    const stack = callersStack();
    return ({ sql: text }) => {
      const sql = shapeOf(text());
      const key = `${operation}\n${sql}`;
      const times = (this.#times.get(key) ?? 0) + 1;
      this.#times.set(key, times);
      if (times >= this.#store.atLeast) this.#store.notice({ operation, sql, times, stack });
    };
  }
}
