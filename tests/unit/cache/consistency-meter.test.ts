import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { newCacheCounters } from '../../../src/infrastructure/cache/cache-counters.ts';
import { ConsistencyMeter } from '../../../src/infrastructure/cache/consistency-meter.ts';
import { MemoryStore } from '../../../src/infrastructure/cache/memory-store.ts';
import type { Found } from '../../../src/infrastructure/cache/versioned-store.ts';
import { until } from '../../support/until.ts';
import { entry, turn } from './support.ts';

const slot = entry('slot:1');

/** A cached value, a database that may say something else, and a meter that looks at every hit. */
function metered(share = 1, random = () => 0) {
  const counters = newCacheCounters();
  const store = new MemoryStore(100, counters);
  const meter = new ConsistencyMeter(share, store, counters, random);
  const database = { value: 'stored', queries: 0, down: false };
  const load = (): ResultAsync<string, string> => {
    database.queries += 1;
    return database.down ? errAsync('down') : okAsync(database.value);
  };
  const fill = (value: string): void => {
    const looked = store.lookup(slot);
    if (looked.kind === 'miss') store.fill(slot, looked.ticket, { value, loadMs: 1 });
  };
  const hit = (): Found<string> => {
    const looked = store.lookup(slot);
    if (looked.kind !== 'hit') throw new Error(`expected a hit, not ${looked.kind}`);
    return looked.found;
  };
  fill('stored');
  return { meter, counters, store, database, load, hit, fill };
}

const CONFIRMED_MS = 5000;

describe('comparing hits with the database', () => {
  it('counts what agrees as checked', async () => {
    const { meter, counters, hit, load } = metered();
    meter.sample(slot, hit(), load);
    await turn();
    expect(counters).toMatchObject({ checkedHits: 1, staleReads: 0 });
  });

  it('counts a hit as stale when the difference stays, with its age', async () => {
    const { meter, counters, database, hit, load } = metered();
    database.value = 'changed without telling the cache';
    meter.sample(slot, hit(), load);
    await until('counted', CONFIRMED_MS, () => counters.staleReads === 1);
    expect(counters.checkedHits).toBe(1);
    // It was still being answered when it was looked at for the second time.
    expect(counters.oldestStaleMs).toBeGreaterThan(1500);
    expect(database.queries).toBe(2);
  });

  it('does not count a commit that is about to tell the cache', async () => {
    const { meter, counters, store, database, hit, load } = metered();
    database.value = 'committed';
    meter.sample(slot, hit(), load);
    await turn();
    await store.bump(slot.anchors);
    await until('looked at again', CONFIRMED_MS, () => database.queries === 2);
    await turn();
    expect(counters).toMatchObject({ checkedHits: 1, staleReads: 0 });
  });

  it('does not count what a newer value has replaced', async () => {
    const { meter, counters, store, database, hit, load, fill } = metered();
    database.value = 'newer';
    meter.sample(slot, hit(), load);
    await turn();
    await store.bump(slot.anchors);
    fill('newer');
    await until('looked at again', CONFIRMED_MS, () => database.queries === 2);
    await turn();
    expect(counters.staleReads).toBe(0);
  });

  it('says nothing when the database does not', async () => {
    const { meter, counters, database, hit, load } = metered();
    database.down = true;
    meter.sample(slot, hit(), load);
    await turn();
    expect(counters).toMatchObject({ checkedHits: 0, staleReads: 0 });
  });

  it('looks at its share of the hits only', async () => {
    const numbers = [0.05, 0.5, 0.09, 0.1, 0.99];
    const { meter, database, hit, load } = metered(0.1, () => numbers.shift() ?? 1);
    for (let read = 0; read < 5; read += 1) {
      meter.sample(slot, hit(), load);
      await turn();
    }
    expect(database.queries).toBe(2);
  });

  it('makes no more than four checks at a time', async () => {
    const { meter, database, hit, load } = metered();
    database.value = 'changed';
    for (let read = 0; read < 100; read += 1) meter.sample(slot, hit(), load);
    await turn();
    expect(database.queries).toBe(4);
  });
});
