import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshLoop } from '../../../../src/infrastructure/cache/redis/refresh-loop.ts';

const pace = { intervalMs: 1000, pauseMs: 50 } as const;

describe('a task that is repeated', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function loop() {
    let runs = 0;
    let finish: () => void = () => undefined;
    const task = (): Promise<void> => {
      runs += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const done = async (): Promise<void> => {
      finish();
      await vi.advanceTimersByTimeAsync(0);
    };
    const repeated = new RefreshLoop(task, pace);
    return { repeated, done, runs: () => runs, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
  }

  it('runs at its interval, counted from the end of the run before', async () => {
    const { repeated, done, runs, pass } = loop();
    void repeated.start();
    await pass(5000);
    expect(runs()).toBe(1);
    await done();
    await pass(999);
    expect(runs()).toBe(1);
    await pass(1);
    expect(runs()).toBe(2);
  });

  it('runs soon after it is asked to, once, however often that is', async () => {
    const { repeated, done, runs, pass } = loop();
    void repeated.start();
    await done();
    for (let count = 0; count < 5; count += 1) repeated.soon();
    await pass(49);
    expect(runs()).toBe(1);
    await pass(1);
    expect(runs()).toBe(2);
    await done();
    await pass(999);
    expect(runs()).toBe(2);
  });

  it('runs again when it is asked to while it runs', async () => {
    const { repeated, done, runs, pass } = loop();
    void repeated.start();
    repeated.soon();
    await pass(5000);
    expect(runs()).toBe(1);
    await done();
    await pass(50);
    expect(runs()).toBe(2);
  });

  it('ends when it is stopped, in the middle of a run as well', async () => {
    const { repeated, done, runs, pass } = loop();
    void repeated.start();
    repeated.stop();
    await done();
    repeated.soon();
    await pass(5000);
    expect(runs()).toBe(1);
  });
});
