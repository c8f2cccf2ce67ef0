/** Quantiles are off by at most this share of the true value, within the range below. */
export const RELATIVE_ERROR = 0.02;

/** Anything shorter or longer counts as this long, in milliseconds: a microsecond, and almost three hours. */
const LEAST = 0.001;
const GREATEST = 10_000_000;

/** Each bucket ends this many times as far out as the one before it. */
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);
const indexOf = (value: number): number => Math.ceil(Math.log(value) / LOG_GROWTH);
const FIRST = indexOf(LEAST);
const BUCKETS = indexOf(GREATEST) - FIRST + 1;

/** Limits for those who want to add up the durations of several processes, in milliseconds. */
export const durationLimitsMs: readonly number[] = [
  0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
];

/** What is known of many durations, in milliseconds. */
export interface DurationSummary {
  readonly count: number;
  readonly totalMs: number;
  readonly averageMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Half were as short as this, 95 in a hundred, 99 in a hundred; each 2 % off at most. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** How many took at most so long, for each of `durationLimitsMs`. */
  readonly atMost: readonly number[];
}

/**
 * Durations in buckets that grow by a factor, so that a fixed amount of memory (4.6 KB) tells every quantile with the
 * same relative error. Count, total, least and greatest are exact.
 *
 * Buckets and estimates are those of DDSketch with relative error α: γ = (1 + α) / (1 − α), bucket i holds
 * (γ^(i−1), γ^i], and 2γ^i / (γ + 1) stands for all of it (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile
 * Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019, section 2). Recording is a logarithm and an addition.
 */
export class Histogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #total = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** What is no duration, such as `NaN`, is not counted. */
  record(durationMs: number): void {
    if (!(durationMs >= 0)) return;
    const bucket = indexOf(Math.min(Math.max(durationMs, LEAST), GREATEST)) - FIRST;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#total += durationMs;
    this.#min = Math.min(this.#min, durationMs);
    this.#max = Math.max(this.#max, durationMs);
  }

  /** The duration that this share of all do not exceed (nearest rank); 0 when there is none. */
  quantile(share: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= rank) {
        const estimate = (2 * GROWTH ** (bucket + FIRST)) / (GROWTH + 1);
        return Math.min(Math.max(estimate, this.#min), this.#max);
      }
    }
    return this.#max;
  }

  /** How many took at most so long, for each limit in ascending order; at a limit, a bucket counts as a whole. */
  atMost(limitsMs: readonly number[]): readonly number[] {
    let bucket = 0;
    let seen = 0;
    return limitsMs.map((limit) => {
      const last = Math.min(indexOf(Math.max(limit, LEAST)) - FIRST, BUCKETS - 1);
      for (; bucket <= last; bucket += 1) seen += this.#buckets[bucket] ?? 0;
      return seen;
    });
  }

  summary(): DurationSummary {
    return {
      count: this.#count,
      totalMs: this.#total,
      averageMs: this.#count === 0 ? 0 : this.#total / this.#count,
      minMs: this.#count === 0 ? 0 : this.#min,
      maxMs: this.#max,
      p50Ms: this.quantile(0.5),
      p95Ms: this.quantile(0.95),
      p99Ms: this.quantile(0.99),
      atMost: this.atMost(durationLimitsMs),
    };
  }
}
