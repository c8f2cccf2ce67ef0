import { describe, expect, it } from 'vitest';
import type { Cache } from '../../../src/index.ts';
import { cacheContract, createInMemorySlotwise } from '../../../src/testing/index.ts';
import { brokenCaches } from './broken-caches.ts';
import { failingTests } from './failing-tests.ts';

const examine = (wrap: (cache: Cache) => Cache, keeps = true) => {
  const sdk = createInMemorySlotwise({ lockTimeoutMs: 20 });
  return failingTests((framework) =>
    cacheContract(framework, {
      create: () => wrap(sdk.cache),
      unitOfWork: () => sdk.unitOfWork(),
      keeps,
    }),
  );
};

// Whoever loses a load makes the suite wait for it.
describe('the contract of a cache', { timeout: 20_000 }, () => {
  it('finds nothing wrong with a cache that is sound', async () => {
    const { all, failed } = await examine((cache) => cache);
    expect(failed).toEqual([]);
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all).size).toBe(all.length);
  });

  it('asks less of a cache that keeps nothing, and finds that it does', async () => {
    const off = (cache: Cache): Cache => {
      cache.disable();
      return cache;
    };
    const { all, failed } = await examine(off, false);
    expect(failed).toEqual([]);
    expect(all.length).toBeGreaterThan(5);
    expect((await examine(off)).failed).toContain('gives back what was set last, until it is deleted');
  });

  // Beside one another, because some of the tests wait for lifetimes to end.
  it.concurrent.each(brokenCaches)('finds a cache that %s', async (_what, wrap, foundBy) => {
    const { failed } = await examine(wrap);
    expect(failed).toContain(foundBy);
  });
});
