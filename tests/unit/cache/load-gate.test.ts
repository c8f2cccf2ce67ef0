import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoadGate } from '../../../src/infrastructure/cache/load-gate.ts';

/** Loads that end when the test says so. */
function loads() {
  const waiting: (() => void)[] = [];
  const counts = { running: 0, most: 0, started: 0 };
  const load = (): Promise<void> => {
    counts.started += 1;
    counts.running += 1;
    counts.most = Math.max(counts.most, counts.running);
    return new Promise<void>((resolve) => {
      waiting.push(resolve);
    }).finally(() => {
      counts.running -= 1;
    });
  };
  return { load, counts, endOne: () => waiting.shift()?.() };
}

describe('a limit on loads', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets so many run at a time, and the others in the order they came', async () => {
    const gate = new LoadGate(2, 60_000);
    const { load, counts, endOne } = loads();
    const order: number[] = [];
    const all = [0, 1, 2, 3, 4].map((index) =>
      gate.run(() => {
        order.push(index);
        return load();
      }),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual([0, 1]);
    for (let ended = 0; ended < 5; ended += 1) {
      endOne();
      await vi.advanceTimersByTimeAsync(0);
    }
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(counts.most).toBe(2);
  });

  it('lets who has waited too long go ahead all the same', async () => {
    const gate = new LoadGate(1, 500);
    const { load, counts } = loads();
    void gate.run(load);
    void gate.run(load);
    await vi.advanceTimersByTimeAsync(499);
    expect(counts.started).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(counts.started).toBe(2);
  });

  it('gives the place of a load that fails to the next one', async () => {
    const gate = new LoadGate(1, 60_000);
    const failing = gate.run(() => Promise.reject(new Error('down')));
    const next = gate.run(() => Promise.resolve('value'));
    await expect(failing).rejects.toThrow('down');
    expect(await next).toBe('value');
    expect(await gate.run(() => Promise.resolve('and the next'))).toBe('and the next');
  });
});
