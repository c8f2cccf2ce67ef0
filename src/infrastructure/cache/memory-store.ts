import type { Anchor } from '../../application/caching/anchors.ts';
import { nobodyElse, type Backplane } from './backplane.ts';
import type { CacheCounters } from './cache-counters.ts';
import { ANCHORS_PER_ENTRY } from './limits.ts';
import { foundLocally, LocalEntries, type WatchedTicket } from './local-entries.ts';
import { Mirror, type Watched } from './mirror.ts';
import {
  jittered,
  lifetimeOf,
  UNAVAILABLE,
  type CacheEntry,
  type Filling,
  type Found,
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

  constructor(maxEntries: number, counters: CacheCounters, backplane: Backplane = nobodyElse) {
    this.#entries = new LocalEntries(maxEntries);
    this.#mirror = new Mirror(maxEntries * ANCHORS_PER_ENTRY);
    this.#counters = counters;
    this.#backplane = backplane;
  }

  lookup<T>({ key, anchors }: CacheEntry<T>): Lookup<T> {
    const now = performance.now();
    if (now >= this.#backplane.trustedUntil) {
      this.#backplane.late();
      return UNAVAILABLE;
    }
    const stored = this.#entries.current(key);
    if (stored !== undefined && now < stored.expiresAt)
      return { kind: 'hit', found: foundLocally(stored, now), ticket: stored.ticket };
    const ticket = this.#ticket(anchors);
    if (stored === undefined || now >= stored.graceUntil) return { kind: 'miss', ticket };
    return { kind: 'miss', ticket, expired: foundLocally(stored, now) };
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] {
    return entries.map((entry) => this.lookup(entry));
  }

  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    return Promise.resolve(this.lookup(entry));
  }

  peek<T>({ key }: CacheEntry<T>): Found<T> | undefined {
    const now = performance.now();
    if (now >= this.#backplane.trustedUntil) return undefined;
    const stored = this.#entries.current(key);
    return stored !== undefined && now < stored.expiresAt ? foundLocally(stored, now) : undefined;
  }

  fill<T>({ key, policy }: CacheEntry<T>, ticket: Ticket, { value, loadMs }: Filling<T>): void {
    const lifetimeMs = lifetimeOf(policy, value);
    if (lifetimeMs === 0) return;
    this.#counters.fills += 1;
    const found = { value, ageMs: 0, remainingMs: jittered(lifetimeMs), loadMs };
    this.#entries.keep(key, policy, ticket as WatchedTicket, found);
  }

  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
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
