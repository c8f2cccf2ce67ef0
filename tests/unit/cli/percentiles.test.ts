import { describe, expect, it } from 'vitest';
import { percentilesOf } from '../../../src/cli/benchmark/percentiles.ts';

describe('percentiles', () => {
  it('are durations that were measured, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentilesOf(hundred)).toEqual({ p50Ms: 50, p95Ms: 95, p99Ms: 99 });
  });

  it('are all the same of a single one', () => {
    expect(percentilesOf([7])).toEqual({ p50Ms: 7, p95Ms: 7, p99Ms: 7 });
  });
});
