import { ok } from 'neverthrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDueEarly, refreshableFrom } from '../../../src/infrastructure/cache/early-refresh.ts';
import { noUnitOfWork } from '../../../src/infrastructure/repositories/read-scope.ts';
import { seededRandom } from '../../torture/random.ts';
import { always, engine, entry, SlowDatabase, turn } from './support.ts';

const found = (remainingMs: number, loadMs: number) =>
  ({ source: 'l1', value: 'value', storedAt: 0, expiresAt: remainingMs, loadMs }) as const;

/** The share of readers that refresh with so much lifetime left. */
function shareAt(remainingMs: number, loadMs: number): number {
  const random = seededRandom(7);
  const readers = 20_000;
  let due = 0;
  for (let reader = 0; reader < readers; reader += 1)
    if (isDueEarly(found(remainingMs, loadMs), random, 0)) due += 1;
  return due / readers;
}

describe('whether a reader refreshes early', () => {
  it.each([0, 0.5, 1, 2, 4])('is as likely as XFetch says, %s load times before the end', (loads) => {
    // -log(random) is distributed exponentially.
    expect(shareAt(loads * 40, 40)).toBeCloseTo(Math.exp(-loads), 1.5);
  });

  it('depends on how long a load takes, not on how long the entry lives', () => {
    expect(shareAt(100, 100)).toBeCloseTo(shareAt(1, 1), 1.5);
    expect(shareAt(100, 1)).toBe(0);
  });

  it('is certain when the time is over', () => {
    expect(shareAt(-1, 40)).toBe(1);
  });

  it('is out of the question far from the end, without asking for a number', () => {
    const random = vi.fn<() => number>(() => 0.5);
    expect(isDueEarly(found(29 * 40, 40), random, 0)).toBe(false);
    expect(random).not.toHaveBeenCalled();
    expect(refreshableFrom(found(1200, 40))).toBe(1200 - 28 * 40);
  });
});

describe('a hit close to its end', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const hot = entry('cities:active', ['cities:active'], 60_000, { refreshEarly: true });

  /** Something that took a while to load, with every reader due from now on. */
  async function dueEntry() {
    const parts = engine();
    const looked = parts.store.lookup(hot);
    if (looked.kind !== 'miss') throw new Error('expected a miss');
    parts.store.fill(hot, looked.ticket, { value: 'old', loadMs: 30_000 });
    vi.spyOn(Math, 'random').mockReturnValue(1e-9);
    return parts;
  }

  it('is answered at once, and loaded anew in the background', async () => {
    const { cache, counters, sources } = await dueEntry();
    const database = new SlowDatabase();
    expect(await cache.read(hot, noUnitOfWork, database.both)).toEqual(ok('old'));
    await turn();
    expect(database.queries).toBe(1);
    database.answer(ok('new'));
    await turn();
    expect(counters.earlyRefreshes).toBe(1);
    expect(await cache.read(hot, noUnitOfWork, always('never asked'))).toEqual(ok('new'));
    expect(sources).toEqual(['l1', 'l1']);
  });

  it('is loaded anew once, however many read it meanwhile', async () => {
    const { cache, counters } = await dueEntry();
    const database = new SlowDatabase();
    for (let reader = 0; reader < 100; reader += 1) {
      expect(await cache.read(hot, noUnitOfWork, database.both)).toEqual(ok('old'));
      if (reader % 10 === 0) await turn();
    }
    expect(database.queries).toBe(1);
    expect(counters.earlyRefreshes).toBe(1);
    database.answer(ok('new'));
    await turn();
  });

  it('is not brought back by a refresh that an invalidation has overtaken', async () => {
    const { cache, store } = await dueEntry();
    const database = new SlowDatabase();
    expect(await cache.read(hot, noUnitOfWork, database.both)).toEqual(ok('old'));
    await turn();
    await store.bump(hot.anchors);
    database.answer(ok('read before the change'));
    await turn();
    expect(await cache.read(hot, noUnitOfWork, always('after the change'))).toEqual(ok('after the change'));
  });

  it('stays as it is when the refresh fails', async () => {
    const { cache } = await dueEntry();
    const failing = new SlowDatabase();
    expect(await cache.read(hot, noUnitOfWork, failing.both)).toEqual(ok('old'));
    await turn();
    expect(failing.queries).toBe(1);
    expect(await cache.read(hot, noUnitOfWork, failing.both)).toEqual(ok('old'));
  });

  it('is left alone when its policy does not say so', async () => {
    const parts = engine();
    const plain = entry('slot:1');
    const looked = parts.store.lookup(plain);
    if (looked.kind !== 'miss') throw new Error('expected a miss');
    parts.store.fill(plain, looked.ticket, { value: 'value', loadMs: 30_000 });
    vi.spyOn(Math, 'random').mockReturnValue(1e-9);
    const database = new SlowDatabase();
    expect(await parts.cache.read(plain, noUnitOfWork, database.both)).toEqual(ok('value'));
    await turn();
    expect(database.queries).toBe(0);
  });
});
