import { BoundedMap } from './bounded-map.ts';
import { Timing, type TimingSummary } from './timing.ts';

export interface TimingsSummary {
  readonly all: TimingSummary;
  /** The most used first. */
  readonly byName: Readonly<Record<string, TimingSummary>>;
}

/** One timing for everything of a kind, and one for each name. */
export class Timings {
  readonly #slowMs: number;
  readonly #byName: BoundedMap<Timing>;
  #all: Timing;

  constructor(maxNames: number, slowMs: number) {
    this.#slowMs = slowMs;
    this.#byName = new BoundedMap(maxNames, () => new Timing(slowMs));
    this.#all = new Timing(slowMs);
  }

  record(name: string, durationMs: number, failed: boolean): void {
    this.#all.record(durationMs, failed);
    this.#byName.of(name).record(durationMs, failed);
  }

  summary(): TimingsSummary {
    const named = this.#byName.entries.map(([name, timing]) => [name, timing.summary()] as const);
    return {
      all: this.#all.summary(),
      byName: Object.fromEntries(named.toSorted(([, a], [, b]) => b.count - a.count)),
    };
  }

  reset(): void {
    this.#byName.clear();
    this.#all = new Timing(this.#slowMs);
  }
}
