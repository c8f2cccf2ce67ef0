import type { Clock } from '../../../application/ports/clock.ts';
import type { SlowStatement } from '../../../application/ports/query-diagnostics.ts';
import type { SentStatement } from './sent-statement.ts';
import { shapeOf } from './shape-of.ts';

interface SlowSettings {
  readonly slowMs: number;
  readonly max: number;
}

/** The slow statements of this process by operation and shape. What is fast costs one comparison. */
export class SlowStatements {
  readonly #settings: SlowSettings;
  readonly #clock: Clock;
  /** The one that was seen longest ago comes first. */
  readonly #seen = new Map<string, SlowStatement>();

  constructor(settings: SlowSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  hear({ operation, durationMs, failure, sql }: SentStatement): void {
    const { slowMs, max } = this.#settings;
    if (durationMs <= slowMs && failure !== 'Timeout') return;
    const shape = shapeOf(sql());
    const key = `${operation}\n${shape}`;
    const known = this.#seen.get(key);
    this.#seen.delete(key);
    this.#seen.set(key, {
      operation,
      sql: shape,
      calls: (known?.calls ?? 0) + 1,
      failed: (known?.failed ?? 0) + (failure === undefined ? 0 : 1),
      totalMs: (known?.totalMs ?? 0) + durationMs,
      maxMs: Math.max(known?.maxMs ?? 0, durationMs),
      lastAt: this.#clock.now().toJSON(),
    });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > max && oldest !== undefined) this.#seen.delete(oldest);
  }

  list(): readonly SlowStatement[] {
    return [...this.#seen.values()].toSorted((a, b) => b.totalMs - a.totalMs);
  }

  reset(): void {
    this.#seen.clear();
  }
}
