import type { Anchor } from '../../../src/application/caching/anchors.ts';
import type { Backplane } from '../../../src/infrastructure/cache/backplane.ts';
import {
  TieredStore,
  type SharedStore,
  type VersionedTicket,
} from '../../../src/infrastructure/cache/tiered-store.ts';
import type {
  CacheEntry,
  Filling,
  Lookup,
  Ticket,
} from '../../../src/infrastructure/cache/versioned-store.ts';

/** Entries and versions as several processes share them; answers come when the test says so. */
export class SlowSharedStore implements SharedStore {
  onVersion: (anchor: Anchor, version: number) => void = () => undefined;
  readonly versions = new Map<Anchor, number>();
  readonly stored = new Map<string, { readonly stamp: string; readonly filling: Filling<unknown> }>();
  readonly #waiting: (() => void)[] = [];
  #last = 1000;
  lookups = 0;

  lookup<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    this.lookups += 1;
    const answer = this.#judge(entry);
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(answer));
    });
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    return Promise.all(entries.map((entry) => this.lookup(entry)));
  }

  /** Delivers every answer that is on its way. */
  deliver(): void {
    for (const answer of this.#waiting.splice(0)) answer();
  }

  /** What another process does. */
  raise(anchor: Anchor): number {
    this.#last += 1;
    this.versions.set(anchor, this.#last);
    return this.#last;
  }

  fill<T>({ key }: CacheEntry<T>, { stamp }: Ticket, filling: Filling<T>): void {
    this.stored.set(key, { stamp, filling });
  }

  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
    const [own] = entry.anchors;
    if (own !== undefined) this.onVersion(own, this.raise(own));
    this.fill(entry, this.#ticket(entry), { value, loadMs: 0 });
    return Promise.resolve(true);
  }

  mark(): Promise<boolean> {
    return Promise.resolve(true);
  }

  bump(anchors: readonly Anchor[]): Promise<boolean> {
    for (const anchor of anchors) this.onVersion(anchor, this.raise(anchor));
    return Promise.resolve(true);
  }

  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  unlock(): void {
    // Nothing is locked.
  }

  #ticket<T>({ anchors }: CacheEntry<T>): VersionedTicket {
    const versions = anchors.map((anchor) => this.versions.get(anchor) ?? this.raise(anchor));
    return { stamp: versions.join(','), versions };
  }

  #judge<T>(entry: CacheEntry<T>): Lookup<T> {
    const ticket = this.#ticket(entry);
    const known = this.stored.get(entry.key);
    if (known?.stamp !== ticket.stamp) return { kind: 'miss', ticket };
    const { value, loadMs } = known.filling;
    const now = performance.now();
    const found = {
      source: 'l2',
      value: value as T,
      storedAt: now,
      expiresAt: now + 60_000,
      loadMs,
    } as const;
    return { kind: 'hit', found, ticket };
  }
}

/** A backplane whose trust the test gives and takes. */
export class SwitchedBackplane implements Backplane {
  trustedUntil = Number.POSITIVE_INFINITY;
  lateReads = 0;

  late(): void {
    this.lateReads += 1;
  }
}

export function tiered(maxEntries = 100) {
  const shared = new SlowSharedStore();
  const backplane = new SwitchedBackplane();
  const store = new TieredStore(shared, backplane, maxEntries);
  /** Looks something up, with the answer delivered at once. */
  const lookup = async <T>(entry: CacheEntry<T>): Promise<Lookup<T>> => {
    const looking = store.lookup(entry);
    shared.deliver();
    return looking;
  };
  /** Loads and stores what is missing. */
  const load = async <T>(entry: CacheEntry<T>, value: T): Promise<void> => {
    const found = await lookup(entry);
    if (found.kind !== 'miss') throw new Error(`expected a miss, not ${found.kind}`);
    store.fill(entry, found.ticket, { value, loadMs: 1 });
  };
  return { shared, backplane, store, lookup, load };
}
