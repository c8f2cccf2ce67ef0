import type { Anchor } from '../../src/application/caching/anchors.ts';
import type {
  CacheEntry,
  Filling,
  Held,
  Lookup,
  Ticket,
  VersionedStore,
} from '../../src/infrastructure/cache/versioned-store.ts';

/** A store that hands everything on; a test overrides the part it wants to break or to watch. */
export class ForwardingStore implements VersionedStore {
  readonly #store: VersionedStore;

  constructor(store: VersionedStore) {
    this.#store = store;
  }

  lookup<T>(entry: CacheEntry<T>): Lookup<T> | Promise<Lookup<T>> {
    return this.#store.lookup(entry);
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] | Promise<readonly Lookup<T>[]> {
    return this.#store.lookupMany(entries);
  }

  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    return this.#store.lookAgain(entry);
  }

  held<T>(entry: CacheEntry<T>, now?: number): Held<T> | undefined {
    return this.#store.held(entry, now);
  }

  fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void {
    this.#store.fill(entry, ticket, filling);
  }

  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
    return this.#store.put(entry, value);
  }

  mark(anchors: readonly Anchor[]): Promise<boolean> {
    return this.#store.mark(anchors);
  }

  bump(anchors: readonly Anchor[], marked?: boolean): Promise<boolean> {
    return this.#store.bump(anchors, marked);
  }

  lock<T>(entry: CacheEntry<T>, ticket: Ticket): Promise<boolean | undefined> {
    return this.#store.lock(entry, ticket);
  }

  unlock<T>(entry: CacheEntry<T>, ticket: Ticket): void {
    this.#store.unlock(entry, ticket);
  }
}
