import { ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import type { Instrumentation, ReadSource } from '../../application/ports/instrumentation.ts';
import type { ReadScope } from '../repositories/read-scope.ts';
import type { AnchorTrust } from './anchor-trust.ts';
import type { CacheCounters } from './cache-counters.ts';
import { SingleFlight } from './single-flight.ts';
import {
  UNAVAILABLE,
  type CacheEntry,
  type Lookup,
  type Stamp,
  type VersionedStore,
} from './versioned-store.ts';

/** The two ways to ask the database. */
export interface Load<T, E> {
  /** A statement of its own, outside any transaction: the only thing that may fill the cache or be shared. */
  readonly outside: () => ResultAsync<T, E>;
  /** Through the unit of work the read belongs to; the same as `outside` where there is none. */
  readonly inside: () => ResultAsync<T, E>;
}

interface Parts {
  readonly store: VersionedStore;
  readonly trust: AnchorTrust;
  readonly counters: CacheCounters;
  readonly instrumentation: Instrumentation;
}

/**
 * Answers reads from the store while their stamp holds, and from the database otherwise. The stamp of what is stored is
 * the one seen before the database was asked, so whatever a writer does meanwhile makes the stored value invalid; no
 * lock or comparison is needed when storing it.
 */
export class ReadThrough {
  readonly #store: VersionedStore;
  readonly #trust: AnchorTrust;
  readonly #counters: CacheCounters;
  readonly #instrumentation: Instrumentation;
  readonly #flights = new SingleFlight();
  /** The run-time kill switch. */
  enabled = true;

  constructor({ store, trust, counters, instrumentation }: Parts) {
    this.#store = store;
    this.#trust = trust;
    this.#counters = counters;
    this.#instrumentation = instrumentation;
  }

  /** One value; `undefined` is an answer, but is never stored. */
  read<T, E>(entry: CacheEntry<NonNullable<T>>, scope: ReadScope, load: Load<T, E>): ResultAsync<T, E> {
    if (!this.#mayAsk(entry, scope)) return new ResultAsync(this.#bypass(entry, scope, load));
    const found = this.#store.lookup(entry);
    if (found instanceof Promise)
      return new ResultAsync(
        found.then((lookup) =>
          this.#isHit(entry, lookup)
            ? ok<T, E>(this.#hit(entry, lookup))
            : this.#miss(entry, scope, load, lookup),
        ),
      );
    // What is in memory is answered without waiting for anything.
    return this.#isHit(entry, found)
      ? okAsync(this.#hit(entry, found))
      : new ResultAsync(this.#miss(entry, scope, load, found));
  }

  /** Several values of one kind in one round trip; what is missing is loaded by one statement. */
  readMany<Id, T, E>(
    entries: ReadonlyMap<Id, CacheEntry<T>>,
    scope: ReadScope,
    load: (missing: readonly Id[]) => Load<ReadonlyMap<Id, T>, E>,
  ): ResultAsync<ReadonlyMap<Id, T>, E> {
    return new ResultAsync(this.#readMany(entries, scope, load));
  }

  async #readMany<Id, T, E>(
    entries: ReadonlyMap<Id, CacheEntry<T>>,
    scope: ReadScope,
    load: (missing: readonly Id[]) => Load<ReadonlyMap<Id, T>, E>,
  ): Promise<Result<ReadonlyMap<Id, T>, E>> {
    const asked = [...entries].filter(([, entry]) => this.#mayAsk(entry, scope));
    const lookups = asked.length === 0 ? [] : await this.#store.lookupMany(asked.map(([, entry]) => entry));
    const found = new Map<Id, T>();
    const stamps = new Map<Id, Stamp>();
    for (const [index, [id, entry]] of asked.entries()) {
      const lookup = lookups[index] ?? UNAVAILABLE;
      if (this.#isHit(entry, lookup)) found.set(id, this.#hit(entry, lookup));
      else if (lookup.kind !== 'unavailable') stamps.set(id, lookup.stamp);
    }
    const missing = [...entries.keys()].filter((id) => !found.has(id));
    if (missing.length > 0) {
      this.#counters.misses += stamps.size;
      this.#counters.bypassed += missing.length - stamps.size;
      const outside = missing.every((id) => this.#mode(entries.get(id), scope) === 'use');
      const since = this.#trust.conflicts;
      const loaded = await this.#load(outside ? load(missing).outside : load(missing).inside);
      if (loaded.isErr()) return loaded;
      for (const [id, value] of loaded.value) {
        found.set(id, value);
        const entry = entries.get(id);
        const stamp = stamps.get(id);
        if (entry === undefined) continue;
        this.#report(entry, 'database');
        if (outside && stamp !== undefined) this.#fill(entry, stamp, value, since);
      }
    }
    // In the order they were asked for.
    return ok(
      new Map([...entries.keys()].flatMap((id) => (found.has(id) ? [[id, found.get(id) as T]] : []))),
    );
  }

  #mode<T>(entry: CacheEntry<T> | undefined, scope: ReadScope): ReturnType<ReadScope['mode']> {
    return entry === undefined ? 'bypass' : scope.mode(entry.anchors);
  }

  #mayAsk<T>(entry: CacheEntry<T>, scope: ReadScope): boolean {
    return this.enabled && this.#trust.trusts(entry.anchors) && scope.mode(entry.anchors) !== 'bypass';
  }

  #isHit<T>(entry: CacheEntry<T>, lookup: Lookup<T>): lookup is Extract<Lookup<T>, { kind: 'hit' }> {
    return (
      lookup.kind === 'hit' && this.#trust.trusts(entry.anchors) && !this.#trust.conflicted(entry.anchors)
    );
  }

  #hit<T>(entry: CacheEntry<T>, { value, ageMs }: Extract<Lookup<T>, { kind: 'hit' }>): T {
    if (this.#store.source === 'l1') this.#counters.l1Hits += 1;
    else this.#counters.l2Hits += 1;
    this.#report(entry, this.#store.source, ageMs);
    return value;
  }

  async #miss<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
    lookup: Lookup<NonNullable<T>>,
  ): Promise<Result<T, E>> {
    if (lookup.kind === 'unavailable') return this.#bypass(entry, scope, load);
    this.#counters.misses += 1;
    // The unit of work may have started to write while the store was asked.
    if (scope.mode(entry.anchors) !== 'use') return this.#loadFor(entry, load.inside);
    const { stamp } = lookup;
    return this.#flights.stamped(
      `${entry.key}|${stamp}`,
      async () => {
        const since = this.#trust.conflicts;
        const loaded = await this.#loadFor(entry, load.outside);
        if (loaded.isOk() && loaded.value !== undefined && loaded.value !== null)
          this.#fill(entry, stamp, loaded.value, since);
        return loaded;
      },
      this.#onShared,
    );
  }

  /** Without a stamp nothing is stored; only what belongs to no unit of work is shared. */
  #bypass<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
  ): Promise<Result<T, E>> {
    this.#counters.bypassed += 1;
    return scope.shared
      ? this.#flights.unstamped(entry.key, () => this.#loadFor(entry, load.outside), this.#onShared)
      : this.#loadFor(entry, load.inside);
  }

  async #loadFor<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    load: () => ResultAsync<T, E>,
  ): Promise<Result<T, E>> {
    const loaded = await this.#load(load);
    if (loaded.isOk()) this.#report(entry, 'database');
    return loaded;
  }

  #load<T, E>(load: () => ResultAsync<T, E>): ResultAsync<T, E> {
    this.#counters.loads += 1;
    return load();
  }

  /** @param since where conflicts stood before the load */
  #fill<T>(entry: CacheEntry<T>, stamp: Stamp, value: T, since: number): void {
    this.#store.fill(entry, stamp, value);
    this.#trust.reread(entry.anchors, since);
  }

  readonly #onShared = (): void => {
    this.#counters.sharedLoads += 1;
  };

  #report<T>({ query }: CacheEntry<T>, source: ReadSource, ageMs?: number): void {
    if (this.#instrumentation.cacheRead === undefined) return;
    try {
      this.#instrumentation.cacheRead(ageMs === undefined ? { query, source } : { query, source, ageMs });
    } catch {
      // A host's instrumentation must not decide what a read answers.
    }
  }
}
