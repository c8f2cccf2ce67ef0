import { Histogram, type DurationSummary } from './histogram.ts';

export interface TimingSummary extends DurationSummary {
  readonly failed: number;
  /** Of those, how many took longer than `slowStatementMs`. */
  readonly slow: number;
}

/** How long something takes, how often it fails, and how often it takes too long. */
export class Timing {
  readonly #durations = new Histogram();
  readonly #slowMs: number;
  #failed = 0;
  #slow = 0;

  constructor(slowMs: number) {
    this.#slowMs = slowMs;
  }

  record(durationMs: number, failed: boolean): void {
    this.#durations.record(durationMs);
    if (failed) this.#failed += 1;
    if (durationMs > this.#slowMs) this.#slow += 1;
  }

  summary(): TimingSummary {
    return { ...this.#durations.summary(), failed: this.#failed, slow: this.#slow };
  }
}
