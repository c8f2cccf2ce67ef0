import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from '../../../../src/infrastructure/cache/redis/deadlines.ts';

describe('deadlines', () => {
  const expired: string[] = [];
  let deadlines: Deadlines;
  const start = (name: string, budgetMs: number) => deadlines.start(budgetMs, () => expired.push(name));

  beforeEach(() => {
    vi.useFakeTimers();
    expired.length = 0;
    deadlines = new Deadlines();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('each end their own, in the order they are due', async () => {
    start('slow', 500);
    await vi.advanceTimersByTimeAsync(10);
    start('fast', 50);
    await vi.advanceTimersByTimeAsync(5);
    start('later', 50);
    await vi.advanceTimersByTimeAsync(44);
    expect(expired).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(expired).toEqual(['fast']);
    await vi.advanceTimersByTimeAsync(5);
    expect(expired).toEqual(['fast', 'later']);
    await vi.advanceTimersByTimeAsync(500);
    expect(expired).toEqual(['fast', 'later', 'slow']);
    expect(deadlines.size).toBe(0);
  });

  it('do not end what was met, and say when that came too late', async () => {
    const [met, late] = [start('met', 50), start('late', 50)];
    await vi.advanceTimersByTimeAsync(30);
    expect(deadlines.met(met)).toBe(true);
    await vi.advanceTimersByTimeAsync(30);
    expect(expired).toEqual(['late']);
    expect(deadlines.met(late)).toBe(false);
  });

  it('use one timer, however much is under way', () => {
    for (let index = 0; index < 100; index += 1) start(`${index}`, 50);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('let an answer be read that waits while the timers of a stalled process run', async () => {
    const awaited = start('answered', 50);
    // Its timer comes after the one that ends the budget, in the same turn.
    setTimeout(() => deadlines.met(awaited), 50);
    await vi.advanceTimersByTimeAsync(60);
    expect(expired).toEqual([]);
  });
});
