import type { Anchor } from '../../application/caching/anchors.ts';
import { nobodyElse, type Backplane } from './backplane.ts';
import type { CacheCounters } from './cache-counters.ts';
import { ANCHORS_PER_ENTRY } from './limits.ts';
import { LocalEntries, type WatchedTicket } from './local-entries.ts';
import { Mirror, type Watched } from './mirror.ts';
import {
  jittered,
  lifetimeOf,
  UNAVAILABLE,
  type CacheEntry,
  type Filling,
  type Found,
  type Held,
  type Lookup,
  type Ticket,
  type VersionedStore,
} from './versioned-store.ts';

/**
 * The cache of a process without Redis: entries and versions side by side in memory. Where other processes write to the
 * same database, the backplane tells what they change.
 */
export class MemoryStore implements VersionedStore {
  readonly #entries: LocalEntries;
  readonly #mirror: Mirror;
  readonly #counters: CacheCounters;
  readonly #backplane: Backplane;
  /** Never goes back, so a version that made room cannot come back equal to an old stamp. */
  #lastVersion = 0;
  #trustedUntil = 0;

  constructor(maxEntries: number, counters: CacheCounters, backplane: Backplane = nobodyElse) {
    this.#entries = new LocalEntries(maxEntries);
    this.#mirror = new Mirror(maxEntries * ANCHORS_PER_ENTRY);
    this.#counters = counters;
    this.#backplane = backplane;
  }

  lookup<T>(entry: CacheEntry<T>): Lookup<T> {
    const now = performance.now();
    if (!this.#isHeard(now)) {
      this.#backplane.late();
      return UNAVAILABLE;
    }
    const stored = this.#entries.current(entry);
    if (stored !== undefined && now < stored.found.expiresAt) return stored as Held<T>;
    const ticket = this.#ticket(entry.anchors);
    return stored === undefined || now >= stored.graceUntil
      ? { kind: 'miss', ticket }
      : { kind: 'miss', ticket, expired: stored.found as Found<T> };
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] {
    return entries.map((entry) => this.lookup(entry));
  }

  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    return Promise.resolve(this.lookup(entry));
  }

  held<T>(entry: CacheEntry<T>, now = performance.now()): Held<T> | undefined {
    if (!this.#isHeard(now)) return undefined;
    const stored = this.#entries.current(entry);
    // One key is always stored with values of one type.
    return stored !== undefined && now < stored.found.expiresAt ? (stored as Held<T>) : undefined;
  }

  fill<T>(entry: CacheEntry<T>, ticket: Ticket, { value, loadMs }: Filling<T>): void {
    const lifetimeMs = lifetimeOf(entry.policy, value);
    if (lifetimeMs === 0) return;
    this.#counters.fills += 1;
    const storedAt = performance.now();
    const found = { value, storedAt, expiresAt: storedAt + jittered(lifetimeMs), loadMs };
    this.#entries.keep(entry, ticket as WatchedTicket, found);
  }

  /** While it is not heard what others change, nothing is kept: nobody would take it out again. */
  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
    if (!this.#isHeard(performance.now())) return Promise.resolve(true);
    const [own] = entry.anchors;
    if (own !== undefined) this.#raise(this.#mirror.watch(own));
    this.fill(entry, this.#ticket(entry.anchors), { value, loadMs: 0 });
    return Promise.resolve(true);
  }

  /** Between a commit and telling this memory there is hardly a moment. */
  mark(): Promise<boolean> {
    return Promise.resolve(false);
  }

  bump(anchors: readonly Anchor[]): Promise<boolean> {
    this.raise(anchors);
    this.#counters.bumps += anchors.length;
    return Promise.resolve(true);
  }

  /** What this or another process has changed. */
  raise(anchors: readonly Anchor[]): void {
    for (const anchor of anchors) this.#mirror.announce(anchor, (this.#lastVersion += 1));
  }

  /** Something may have been missed. */
  clear(): void {
    this.#trustedUntil = 0;
    this.#mirror.clear();
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Nobody else shares this memory, and within a process equal loads are shared anyway. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  unlock(): void {
    // Nothing was locked.
  }

  /** The backplane is asked again only when its last answer is over; when it takes one back, this memory is cleared. */
  #isHeard(now: number): boolean {
    if (now < this.#trustedUntil) return true;
    this.#trustedUntil = this.#backplane.trustedUntil;
    return now < this.#trustedUntil;
  }

  #ticket(anchors: readonly Anchor[]): WatchedTicket {
    const watched = anchors.map((anchor) => this.#mirror.watch(anchor));
    const versions = watched.map((one) => (one.version > 0 ? one.version : this.#raise(one)));
    return { stamp: versions.join(','), watched, versions };
  }

  #raise(watched: Watched): number {
    this.#lastVersion += 1;
    watched.version = this.#lastVersion;
    return this.#lastVersion;
  }
}
