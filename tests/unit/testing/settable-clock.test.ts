import { describe, expect, it } from 'vitest';
import { settableClock } from '../../../src/testing/index.ts';

describe('a settable clock', () => {
  it('stands still on a Monday morning until it is moved', () => {
    const clock = settableClock();
    expect(clock.now().toJSON()).toBe('2030-01-07T09:00:00.000Z');
    expect(clock.now()).toBe(clock.now());
    clock.advance(1_500);
    expect(clock.now().toJSON()).toBe('2030-01-07T09:00:01.500Z');
    clock.advance(-1_500);
    clock.set('2029-01-01T00:00:00+03:00');
    expect(clock.now().toJSON()).toBe('2028-12-31T21:00:00.000Z');
  });

  it('starts where it is told to', () => {
    expect(settableClock(new Date(5)).now().epochMilliseconds).toBe(5);
  });

  it('throws for what is no instant, which is a mistake in the test', () => {
    expect(() => settableClock('2030-02-30T00:00:00Z')).toThrow(RangeError);
    expect(() => settableClock().set('noon')).toThrow('instant must be');
  });
});
