import { LRUCache } from 'lru-cache';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { CacheCounters } from './cache-counters.ts';
import {
  jittered,
  type CacheEntry,
  type Lookup,
  type Stamp,
  type VersionedStore,
} from './versioned-store.ts';

interface Stored {
  readonly value: unknown;
  readonly stamp: Stamp;
  /** The numbers the stamp is made of: comparing them is cheaper than making one. */
  readonly versions: readonly number[];
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** Versions are small, and losing one only costs the entries it guards. */
const VERSIONS_PER_ENTRY = 4;

/**
 * The cache of a single process: entries and versions side by side in memory. Values are the immutable domain objects
 * themselves, shared by all readers without copying or parsing.
 */
export class MemoryStore implements VersionedStore {
  readonly source = 'l1';
  readonly #entries: LRUCache<string, Stored>;
  readonly #versions: LRUCache<Anchor, number>;
  readonly #counters: CacheCounters;
  /** Never goes back, so a version that was evicted cannot come back equal to an old stamp. */
  #lastVersion = 0;

  constructor(maxEntries: number, counters: CacheCounters) {
    this.#entries = new LRUCache({ max: maxEntries });
    this.#versions = new LRUCache({ max: maxEntries * VERSIONS_PER_ENTRY });
    this.#counters = counters;
  }

  lookup<T>({ key, anchors }: CacheEntry<T>): Lookup<T> {
    const stored = this.#entries.get(key);
    if (stored !== undefined) {
      const now = performance.now();
      if (stored.expiresAt > now && this.#isCurrent(anchors, stored.versions))
        return { kind: 'hit', value: stored.value as T, stamp: stored.stamp, ageMs: now - stored.storedAt };
    }
    return {
      kind: 'miss',
      stamp: anchors.map((anchor) => this.#versions.get(anchor) ?? this.#raise(anchor)).join(','),
    };
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] {
    return entries.map((entry) => this.lookup(entry));
  }

  fill<T>(entry: CacheEntry<T>, stamp: Stamp, value: T): void {
    const storedAt = performance.now();
    this.#counters.fills += 1;
    this.#entries.set(entry.key, {
      value,
      stamp,
      versions: stamp.split(',').map(Number),
      storedAt,
      expiresAt: storedAt + jittered(entry.ttlMs),
    });
  }

  bump(anchors: readonly Anchor[]): Promise<boolean> {
    for (const anchor of anchors) this.#raise(anchor);
    this.#counters.bumps += anchors.length;
    return Promise.resolve(true);
  }

  #isCurrent(anchors: readonly Anchor[], versions: readonly number[]): boolean {
    return (
      anchors.length === versions.length &&
      anchors.every((anchor, index) => this.#versions.get(anchor) === versions[index])
    );
  }

  #raise(anchor: Anchor): number {
    this.#lastVersion += 1;
    this.#versions.set(anchor, this.#lastVersion);
    return this.#lastVersion;
  }
}
