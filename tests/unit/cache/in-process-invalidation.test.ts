import { ok } from 'neverthrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InProcessInvalidation } from '../../../src/infrastructure/cache/cache-invalidation.ts';
import { noUnitOfWork } from '../../../src/infrastructure/repositories/read-scope.ts';
import { always, engine, entry } from './support.ts';

describe('invalidation where the only cache is in this process', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is applied at once', async () => {
    const { cache, store, trust } = engine();
    const invalidation = new InProcessInvalidation(store, trust, true);
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('old'))).isOk()).toBe(true);
    expect(await invalidation.invalidate(['slot:1'])).toBe('applied');
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
  });

  it('reads what an uncertain commit may have changed from the database, until it is certain', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cache, store, trust } = engine();
    const invalidation = new InProcessInvalidation(store, trust, true);
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('old'))).isOk()).toBe(true);
    await invalidation.suspect(['slot:1']);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('not yet'))).toEqual(ok('not yet'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('landed late'))).toEqual(ok('landed late'));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('afterwards'))).toEqual(ok('afterwards'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('never asked'))).toEqual(ok('afterwards'));
  });
});
