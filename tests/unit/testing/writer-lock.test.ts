import { describe, expect, it } from 'vitest';
import { WriterLock } from '../../../src/testing/in-memory/writer-lock.ts';

describe('the lock of the writer', () => {
  it('is had by one at a time, in the order in which they asked', async () => {
    const lock = new WriterLock();
    const order: number[] = [];
    const turns = [1, 2, 3].map(async (turn) => {
      expect(await lock.acquire(1_000)).toBe('acquired');
      order.push(turn);
      await Promise.resolve();
      lock.release();
    });
    await Promise.all(turns);
    expect(order).toEqual([1, 2, 3]);
    expect(await lock.acquire(0)).toBe('acquired');
  });

  it('is not waited for longer than the limit, and who gave up is passed over', async () => {
    const lock = new WriterLock();
    await lock.acquire(0);
    const impatient = lock.acquire(10);
    const patient = lock.acquire(1_000);
    expect(await impatient).toBe('timeout');
    lock.release();
    expect(await patient).toBe('acquired');
  });

  it('is not waited for after an abort', async () => {
    const lock = new WriterLock();
    await lock.acquire(0);
    const controller = new AbortController();
    const waiting = lock.acquire(1_000, controller.signal);
    controller.abort();
    expect(await waiting).toBe('aborted');
    lock.release();
    expect(await lock.acquire(0)).toBe('acquired');
  });
});
