import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultAsync } from 'neverthrow';
import type { CacheCounters } from './cache-counters.ts';
import { ageOf, type CacheEntry, type Found, type VersionedStore } from './versioned-store.ts';

/** Longer than a commit may take to tell the cache, and than memory may take to hear of it. */
const CONFIRM_AFTER_MS = 1600;

/** Checks that run at a time; a hit that comes meanwhile is not sampled. */
const MAX_RUNNING = 4;

/**
 * Compares a share of the hits with the database. A difference counts as stale only when it is still there a moment
 * later under versions that have not moved: a commit tells the cache after it is visible in the database, and until
 * then a difference is what the promise allows.
 */
export class ConsistencyMeter {
  readonly #share: number;
  readonly #store: VersionedStore;
  readonly #counters: CacheCounters;
  readonly #random: () => number;
  #running = 0;

  /** @param share of the hits, from 0 to 1 */
  constructor(
    share: number,
    store: VersionedStore,
    counters: CacheCounters,
    random: () => number = Math.random,
  ) {
    this.#share = share;
    this.#store = store;
    this.#counters = counters;
    this.#random = random;
  }

  sample<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    found: Found<NonNullable<T>>,
    load: () => ResultAsync<T, E>,
  ): void {
    if (this.#running >= MAX_RUNNING || this.#random() >= this.#share) return;
    this.#running += 1;
    void this.#check(entry, found, load).finally(() => {
      this.#running -= 1;
    });
  }

  async #check<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    found: Found<NonNullable<T>>,
    load: () => ResultAsync<T, E>,
  ): Promise<void> {
    const first = await this.#agrees(entry, found, load);
    if (first === undefined) return;
    this.#counters.checkedHits += 1;
    if (first) return;
    await sleep(CONFIRM_AFTER_MS, undefined, { ref: false });
    if ((await this.#agrees(entry, found, load)) !== false) return;
    this.#counters.staleReads += 1;
    this.#counters.oldestStaleMs = Math.max(this.#counters.oldestStaleMs, Math.round(ageOf(found)));
  }

  /** Whether the database says what the cache still says; undefined when one of them does not tell. */
  async #agrees<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    found: Found<NonNullable<T>>,
    load: () => ResultAsync<T, E>,
  ): Promise<boolean | undefined> {
    const loaded = await load();
    if (loaded.isErr()) return undefined;
    const text = (value: T | null | undefined): string | undefined =>
      value === undefined || value === null ? undefined : JSON.stringify(entry.codec.toData(value));
    const lookup = await this.#store.lookup(entry);
    if (lookup.kind === 'unavailable') return undefined;
    // After a miss, or with another value, nobody is answered the old one any more.
    const answered = lookup.kind === 'hit' ? text(lookup.found.value) : undefined;
    return answered !== text(found.value) || answered === text(loaded.value);
  }
}
