import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instant } from '../../../../src/domain/shared/instant.ts';
import { durationInMinutes, MINUTE, overlaps, timeRange } from '../../../../src/domain/shared/time-range.ts';

const minute = (minutes: number): Instant => Instant.fromEpochMilliseconds(minutes * MINUTE);
const range = (from: number, to: number) => timeRange(minute(from), minute(to))._unsafeUnwrap();

describe('a time range', () => {
  it('ends after it starts', () => {
    expect(timeRange(minute(1), minute(1)).isErr()).toBe(true);
    expect(timeRange(minute(2), minute(1), 'until')._unsafeUnwrapErr().field).toBe('until');
    expect(durationInMinutes(range(1, 31))).toBe(30);
  });

  it.each([
    ['the same', range(10, 20), true],
    ['one that starts inside', range(19, 30), true],
    ['one that ends inside', range(0, 11), true],
    ['one inside', range(12, 13), true],
    ['one around', range(0, 30), true],
    ['the one right before', range(0, 10), false],
    ['the one right after', range(20, 30), false],
    ['one far away', range(100, 110), false],
  ])('is half-open: compared with %s', (_name, other, expected) => {
    expect(overlaps(range(10, 20), other)).toBe(expected);
    expect(overlaps(other, range(10, 20))).toBe(expected);
  });

  it('overlaps another exactly when they have a moment in common', () => {
    const ranges = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 }))
      .map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const moments = Array.from({ length: 31 }, (_, index) => index);
        const common = moments.some((at) => a.from <= at && at < a.to && b.from <= at && at < b.to);
        expect(overlaps(range(a.from, a.to), range(b.from, b.to))).toBe(common);
      }),
    );
  });
});
