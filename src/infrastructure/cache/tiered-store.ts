import type { Anchor } from '../../application/caching/anchors.ts';
import type { Backplane } from './backplane.ts';
import { ANCHORS_PER_ENTRY } from './limits.ts';
import { LocalEntries, type WatchedTicket } from './local-entries.ts';
import { Mirror, type Watched } from './mirror.ts';
import {
  jittered,
  lifetimeOf,
  type CacheEntry,
  type Filling,
  type Held,
  type Lookup,
  type Ticket,
  type VersionedStore,
} from './versioned-store.ts';

/** Versions as a shared store gave them, in the order of the entry's anchors. */
export interface VersionedTicket extends Ticket {
  readonly versions: readonly number[];
}

/** The shared store under the memory: it tells versions. */
export interface SharedStore extends Omit<VersionedStore, 'lookup' | 'lookAgain' | 'lookupMany' | 'held'> {
  lookup<T>(entry: CacheEntry<T>): Promise<Lookup<T>>;
  lookupMany<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]>;
  /** Told of every version this process raises or creates itself. */
  onVersion: (anchor: Anchor, version: number) => void;
}

/**
 * Memory in front of a shared store. A hit in memory compares the versions an entry was stored under with those this
 * process has heard of since, and asks nobody; that is right as long as the backplane is heard. Whatever is kept was
 * watched from before the shared store was asked.
 */
export class TieredStore implements VersionedStore {
  readonly #shared: SharedStore;
  readonly #backplane: Backplane;
  readonly #entries: LocalEntries;
  readonly #mirror: Mirror;
  #trustedUntil = 0;

  constructor(shared: SharedStore, backplane: Backplane, maxEntries: number) {
    this.#shared = shared;
    this.#backplane = backplane;
    this.#entries = new LocalEntries(maxEntries);
    this.#mirror = new Mirror(maxEntries * ANCHORS_PER_ENTRY);
    shared.onVersion = (anchor, version) => this.announce(anchor, version);
  }

  /** A bump or creation that was announced. */
  announce(anchor: Anchor, version: number): void {
    this.#mirror.announce(anchor, version);
  }

  /** Something may have been missed; answers that are on their way are not kept either. */
  clear(): void {
    this.#trustedUntil = 0;
    this.#mirror.clear();
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  lookup<T>(entry: CacheEntry<T>): Lookup<T> | Promise<Lookup<T>> {
    const now = performance.now();
    if (!this.#isHeard(now)) {
      this.#backplane.late();
      return this.#shared.lookup(entry);
    }
    return this.#locally(entry, now) ?? this.#ask(entry);
  }

  async lookupMany<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    const now = performance.now();
    if (!this.#isHeard(now)) {
      this.#backplane.late();
      return this.#shared.lookupMany(entries);
    }
    const local = entries.map((entry) => this.#locally(entry, now));
    const asked = entries.filter((_, index) => local[index] === undefined);
    if (asked.length === 0) return local as readonly Lookup<T>[];
    const watched = asked.map(({ anchors }) => this.#watch(anchors));
    const answers = (await this.#shared.lookupMany(asked)).map((lookup, index) =>
      this.#learn(asked[index] as CacheEntry<T>, watched[index] as readonly Watched[], lookup),
    );
    let next = 0;
    return local.map((lookup) => lookup ?? (answers[next++] as Lookup<T>));
  }

  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    return this.#isHeard(performance.now()) ? this.#ask(entry) : this.#shared.lookup(entry);
  }

  held<T>(entry: CacheEntry<T>, now = performance.now()): Held<T> | undefined {
    return this.#isHeard(now) ? this.#locally(entry, now) : undefined;
  }

  fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void {
    this.#shared.fill(entry, ticket, filling);
    const lifetimeMs = lifetimeOf(entry.policy, filling.value);
    if (!isWatched(ticket) || lifetimeMs === 0) return;
    const { value, loadMs } = filling;
    const storedAt = performance.now();
    const found = { value, storedAt, expiresAt: storedAt + jittered(lifetimeMs), loadMs };
    this.#entries.keep(entry, ticket, found);
  }

  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
    return this.#shared.put(entry, value);
  }

  mark(anchors: readonly Anchor[]): Promise<boolean> {
    return this.#shared.mark(anchors);
  }

  bump(anchors: readonly Anchor[], marked?: boolean): Promise<boolean> {
    return this.#shared.bump(anchors, marked);
  }

  lock<T>(entry: CacheEntry<T>, ticket: Ticket): Promise<boolean | undefined> {
    return this.#shared.lock(entry, ticket);
  }

  unlock<T>(entry: CacheEntry<T>, ticket: Ticket): void {
    this.#shared.unlock(entry, ticket);
  }

  /**
   * Checked at each read: a process that was suspended must not answer first and notice afterwards. The backplane is
   * asked again only when its last answer is over; when it takes one back, this memory is cleared.
   */
  #isHeard(now: number): boolean {
    if (now < this.#trustedUntil) return true;
    this.#trustedUntil = this.#backplane.trustedUntil;
    return now < this.#trustedUntil;
  }

  #locally<T>(entry: CacheEntry<T>, now: number): Held<T> | undefined {
    const stored = this.#entries.current(entry);
    // One key is always stored with values of one type.
    return stored !== undefined && now < stored.found.expiresAt ? (stored as Held<T>) : undefined;
  }

  async #ask<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    const watched = this.#watch(entry.anchors);
    return this.#learn(entry, watched, await this.#shared.lookup(entry));
  }

  #watch(anchors: readonly Anchor[]): readonly Watched[] {
    return anchors.map((anchor) => this.#mirror.watch(anchor));
  }

  #learn<T>(entry: CacheEntry<T>, watched: readonly Watched[], lookup: Lookup<T>): Lookup<T> {
    if (lookup.kind === 'unavailable') return lookup;
    const { stamp, versions } = lookup.ticket as VersionedTicket;
    for (const [index, one] of watched.entries())
      this.#mirror.learn(entry.anchors[index] as Anchor, one, versions[index] as number);
    const ticket: WatchedTicket = { stamp, watched, versions };
    if (lookup.kind === 'hit') this.#entries.keep(entry, ticket, lookup.found);
    return { ...lookup, ticket };
  }
}

const isWatched = (ticket: Ticket): ticket is WatchedTicket => 'watched' in ticket;
