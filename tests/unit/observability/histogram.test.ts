import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationLimitsMs,
  Histogram,
  RELATIVE_ERROR,
} from '../../../src/infrastructure/observability/metrics/histogram.ts';

const durations = fc.array(fc.double({ min: 0.001, max: 9_000_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});

const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

/** The nearest rank: the least value that so many do not exceed. */
const exact = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0;

describe('a histogram', () => {
  it('tells every quantile with the promised relative error', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const truth = exact(values, share);
        const estimate = histogramOf(values).quantile(share);
        expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(truth * (RELATIVE_ERROR + 1e-9));
      }),
    );
  });

  it('counts, adds up and keeps the ends exactly', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const summary = histogramOf(values).summary();
        expect(summary.count).toBe(values.length);
        expect(summary.totalMs).toBe(values.reduce((sum, value) => sum + value, 0));
        expect(summary.minMs).toBe(Math.min(...values));
        expect(summary.maxMs).toBe(Math.max(...values));
      }),
    );
  });

  it('counts what is under a limit, give or take those within its error of it', () => {
    fc.assert(
      fc.property(durations, (values) => {
        for (const [index, counted] of histogramOf(values).atMost(durationLimitsMs).entries()) {
          const limit = durationLimitsMs[index] ?? 0;
          const under = (most: number): number => values.filter((value) => value <= most).length;
          expect(counted).toBeGreaterThanOrEqual(under(limit));
          expect(counted).toBeLessThanOrEqual(under(limit * (1 + 3 * RELATIVE_ERROR)));
        }
      }),
    );
  });

  it('has room for anything, and leaves out what is no duration', () => {
    const histogram = histogramOf([0, 1e-9, 1e12, Number.NaN, -1, Number.POSITIVE_INFINITY]);
    expect(histogram.summary()).toMatchObject({ count: 4, minMs: 0 });
    expect(histogram.atMost([10])).toEqual([2]);
  });

  it('is all zeros before anything has happened', () => {
    expect(new Histogram().summary()).toMatchObject({
      count: 0,
      averageMs: 0,
      minMs: 0,
      maxMs: 0,
      p50Ms: 0,
      p99Ms: 0,
    });
  });
});
