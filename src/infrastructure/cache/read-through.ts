import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { ReadSource } from '../../application/ports/instrumentation.ts';
import { present } from '../../domain/shared/present.ts';
import type { Signals } from '../observability/signals.ts';
import type { ReadScope } from '../repositories/read-scope.ts';
import type { AnchorTrust } from './anchor-trust.ts';
import type { CacheCounters } from './cache-counters.ts';
import type { ConsistencyMeter } from './consistency-meter.ts';
import { isDueEarly } from './early-refresh.ts';
import type { LoadGate } from './load-gate.ts';
import { Loader } from './loader.ts';
import { isOutage } from './outage.ts';
import {
  ageOf,
  UNAVAILABLE,
  type CacheEntry,
  type Found,
  type Held,
  type Hit,
  type Lookup,
  type Ticket,
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
  readonly signals: Signals;
  /** Limits the loads that nothing else limits: those while the cache cannot be asked. */
  readonly gate: LoadGate;
  readonly meter?: ConsistencyMeter | undefined;
}

/** A stored value, nothing, or no answer from the store. */
export type Sought<T> = Found<T> | undefined | 'unavailable';

/** A load that takes longer than this is slow: an answer that only outlived its lifetime stands in for it. */
const SLOW_LOAD_MS = 250;

const asItIs = <T>(value: T): Result<T, never> => ok(value);

/**
 * Answers reads from the store while their stamp holds, and from the database otherwise. The stamp of what is stored is
 * the one seen before the database was asked, so whatever a writer does meanwhile makes the stored value invalid; no
 * lock or comparison is needed when storing it.
 */
export class ReadThrough {
  readonly #store: VersionedStore;
  readonly #trust: AnchorTrust;
  readonly #counters: CacheCounters;
  readonly #signals: Signals;
  readonly #meter: ConsistencyMeter | undefined;
  readonly #loader: Loader;
  /** The run-time kill switch. */
  enabled = true;

  constructor(parts: Parts) {
    this.#store = parts.store;
    this.#trust = parts.trust;
    this.#counters = parts.counters;
    this.#signals = parts.signals;
    this.#meter = parts.meter;
    this.#loader = new Loader(parts);
  }

  /** One value; `undefined` is an answer, but is only stored where the policy says so. */
  read<T, E>(entry: CacheEntry<NonNullable<T>>, scope: ReadScope, load: Load<T, E>): ResultAsync<T, E> {
    return new ResultAsync(Promise.resolve(this.#ask(entry, scope, load, asItIs)));
  }

  /** One value that must be there. */
  require<T, E, A>(
    entry: CacheEntry<T & {}>,
    scope: ReadScope,
    load: Load<T | undefined, E>,
    absent: A,
  ): ResultAsync<T, E | A> {
    return new ResultAsync(Promise.resolve(this.#ask(entry, scope, load, present(absent))));
  }

  /** A hit waits for nothing but the store; `finish` makes the value the answer. */
  #ask<T, E, V, A>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
    finish: (value: T) => Result<V, A>,
  ): Result<V, A> | Promise<Result<V, E | A>> {
    const answer = (lookup: Lookup<NonNullable<T>>): Result<V, A> | Promise<Result<V, E | A>> =>
      this.#isHit(entry, lookup)
        ? finish(this.#hit(entry, scope, load, lookup))
        : this.#withoutHit(entry, scope, load, lookup).then((loaded) => loaded.andThen(finish));
    if (!this.#mayAsk(entry, scope)) return answer(UNAVAILABLE);
    const lookup = this.#store.lookup(entry);
    return lookup instanceof Promise ? lookup.then(answer) : answer(lookup);
  }

  /** What the memory of this process holds at the moment; asks nobody, and counts as a read only when it answers. */
  peek<T>(entry: CacheEntry<T>): T | undefined {
    if (!this.enabled || !this.#trust.believes(entry.anchors)) return undefined;
    const held = this.#store.held(entry, performance.now());
    if (held === undefined) return undefined;
    this.#count(entry, held.found);
    return held.found.value ?? undefined;
  }

  /** An answer from memory that nothing else hangs on. */
  held<T>(entry: CacheEntry<T>, scope: ReadScope): Held<T> | undefined {
    if (this.#meter !== undefined || !this.enabled) return undefined;
    if (!this.#trust.believes(entry.anchors) || scope.mode(entry.anchors) === 'bypass') return undefined;
    const now = performance.now();
    const held = this.#store.held(entry, now);
    if (held === undefined || now >= held.readyUntil) return undefined;
    this.#count(entry, held.found);
    return held;
  }

  /** What is stored for these entries, in their order; nothing is loaded. */
  async find<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Sought<T>[]> {
    if (!this.enabled) return entries.map(() => undefined);
    const lookups = await this.#store.lookupMany(entries);
    return entries.map((entry, index) => {
      const lookup = lookups[index] ?? UNAVAILABLE;
      if (lookup.kind === 'unavailable') return 'unavailable';
      // Whoever stored it may have given it a grace period, which is for those who load.
      if (!this.#isHit(entry, lookup) || lookup.found.expiresAt <= performance.now()) {
        this.#counters.misses += 1;
        return undefined;
      }
      this.#count(entry, lookup.found);
      return lookup.found;
    });
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
    const tickets = new Map<Id, Ticket>();
    for (const [index, [id, entry]] of asked.entries()) {
      const lookup = lookups[index] ?? UNAVAILABLE;
      if (this.#isHit(entry, lookup)) {
        const { value } = lookup.found;
        this.#count(entry, lookup.found);
        if (value !== undefined && value !== null) found.set(id, value);
      } else if (lookup.kind !== 'unavailable') tickets.set(id, lookup.ticket);
    }
    const missing = [...entries.keys()].filter((id) => !found.has(id));
    if (missing.length > 0) {
      this.#counters.misses += tickets.size;
      this.#counters.bypassed += missing.length - tickets.size;
      const outside = missing.every((id) => this.#mode(entries.get(id), scope) === 'use');
      const since = this.#trust.conflicts;
      const startedAt = performance.now();
      const loaded = await this.#loader.load(
        nameOf(entries),
        outside ? load(missing).outside : load(missing).inside,
      );
      if (loaded.isErr()) return err(loaded.error);
      const loadMs = performance.now() - startedAt;
      for (const [id, value] of loaded.value) {
        found.set(id, value);
        const entry = entries.get(id);
        const ticket = tickets.get(id);
        if (entry === undefined) continue;
        this.#report(entry, 'database');
        if (!outside || ticket === undefined) continue;
        this.#store.fill(entry, ticket, { value, loadMs });
        this.#trust.reread(entry.anchors, since);
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

  #isHit<T>(entry: CacheEntry<T>, lookup: Lookup<T>): lookup is Hit<T> {
    return lookup.kind === 'hit' && this.#trust.believes(entry.anchors);
  }

  async #withoutHit<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
    lookup: Lookup<NonNullable<T>>,
  ): Promise<Result<T, E>> {
    if (lookup.kind === 'unavailable') return this.#bypass(entry, scope, load);
    this.#counters.misses += 1;
    // The unit of work may have started to write while the store was asked.
    if (scope.mode(entry.anchors) !== 'use')
      return this.#reported(entry, this.#loader.load(entry.policy.name, load.inside));
    const refill = this.#loader.refill(entry, lookup.ticket, load.outside);
    const expired =
      lookup.kind === 'miss' && this.#trust.believes(entry.anchors) ? lookup.expired : undefined;
    return expired === undefined ? this.#reported(entry, refill) : this.#orExpired(entry, expired, refill);
  }

  #hit<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
    { found, ticket }: Hit<NonNullable<T>>,
  ): T {
    this.#count(entry, found);
    if (isNothing(found.value)) this.#counters.negativeHits += 1;
    if (entry.policy.refreshEarly === true && isDueEarly(found) && scope.mode(entry.anchors) === 'use')
      void this.#loader.refreshEarly(entry, ticket, load.outside);
    this.#meter?.sample(entry, found, load.outside);
    // What was stored for these arguments was loaded for these arguments.
    return found.value as T;
  }

  /** While the database fails or is slow, what only outlived its lifetime is better than nothing. */
  async #orExpired<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    expired: Found<NonNullable<T>>,
    refill: Promise<Result<T, E>>,
  ): Promise<Result<T, E>> {
    let timer: NodeJS.Timeout | undefined;
    const slow = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, SLOW_LOAD_MS, undefined);
    });
    const loaded = await Promise.race([refill, slow]);
    clearTimeout(timer);
    if (loaded !== undefined && (loaded.isOk() || !isOutage(loaded.error)))
      return this.#reported(entry, loaded);
    this.#counters.staleServed += 1;
    this.#report(entry, 'stale', expired);
    return ok(expired.value as T);
  }

  /** Without a ticket nothing is stored; only what belongs to no unit of work is shared. */
  #bypass<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    scope: ReadScope,
    load: Load<T, E>,
  ): Promise<Result<T, E>> {
    this.#counters.bypassed += 1;
    return this.#reported(
      entry,
      scope.shared
        ? this.#loader.share(entry, load.outside)
        : this.#loader.load(entry.policy.name, load.inside),
    );
  }

  async #reported<T, E, V>(
    entry: CacheEntry<V>,
    loading: Result<T, E> | Promise<Result<T, E>>,
  ): Promise<Result<T, E>> {
    const loaded = await loading;
    if (loaded.isOk()) this.#report(entry, 'database');
    return loaded;
  }

  #count<T>(entry: CacheEntry<T>, found: Found<T>): void {
    if (found.source === 'l1') this.#counters.l1Hits += 1;
    else this.#counters.l2Hits += 1;
    this.#report(entry, found.source, found);
  }

  #report<T>({ policy }: CacheEntry<T>, source: ReadSource, found?: Found<T>): void {
    const query = policy.name;
    this.#signals.reads?.count(query, source, found !== undefined && isNothing(found.value));
    const { cacheRead } = this.#signals;
    if (cacheRead.wanted)
      cacheRead.send(found === undefined ? { query, source } : { query, source, ageMs: ageOf(found) });
  }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** All entries of one read are of one kind. */
function nameOf<T>(entries: ReadonlyMap<unknown, CacheEntry<T>>): string {
  const [first] = entries.values();
  return first?.policy.name ?? '';
}
