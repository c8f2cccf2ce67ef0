import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheEntry, VersionedStore } from '../../../src/infrastructure/cache/versioned-store.ts';

const WIDEST_RACE_MS = 8;

/**
 * The mistake that read-through caches usually make: what was loaded is stored as if it were as new as the moment of
 * storing. A commit between the load and the fill then leaves the old value valid.
 */
export function stampAfterLoad(store: VersionedStore): VersionedStore {
  const fillLater = async <T>(entry: CacheEntry<T>, value: T): Promise<void> => {
    await sleep(Math.random() * WIDEST_RACE_MS);
    const now = await store.lookup(entry);
    if (now.kind !== 'unavailable') store.fill(entry, now.stamp, value);
  };
  return {
    source: store.source,
    lookup: (entry) => store.lookup(entry),
    lookupMany: (entries) => store.lookupMany(entries),
    bump: (anchors) => store.bump(anchors),
    fill: (entry, _stamp, value) => void fillLater(entry, value),
  };
}
