import { setTimeout as sleep } from 'node:timers/promises';
import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { AnchorTrust } from './anchor-trust.ts';
import type { Signals } from '../observability/signals.ts';
import type { CacheCounters } from './cache-counters.ts';
import { isDueEarly } from './early-refresh.ts';
import { FailureBackoff } from './failure-backoff.ts';
import type { LoadGate } from './load-gate.ts';
import { isOutage } from './outage.ts';
import { SingleFlight } from './single-flight.ts';
import type { CacheEntry, Lookup, Hit, Ticket, VersionedStore } from './versioned-store.ts';

interface Parts {
  readonly store: VersionedStore;
  readonly trust: AnchorTrust;
  readonly counters: CacheCounters;
  readonly gate: LoadGate;
  readonly signals: Pick<Signals, 'cacheLoad'>;
}

/** What a store that can be asked answers. */
type Told<T> = Exclude<Lookup<T>, { kind: 'unavailable' }>;

/** How long a process waits for another one's load before it loads itself, and how often it looks meanwhile. */
const LOCK_WAIT_MS = 250;
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 50;

/** Asks the database for what the cache does not hold: as seldom as is right, and never for a caller that came later. */
export class Loader {
  readonly #store: VersionedStore;
  readonly #trust: AnchorTrust;
  readonly #counters: CacheCounters;
  readonly #gate: LoadGate;
  readonly #signals: Parts['signals'];
  readonly #flights = new SingleFlight();
  readonly #backoff = new FailureBackoff();
  readonly #refreshing = new Set<string>();

  constructor({ store, trust, counters, gate, signals }: Parts) {
    this.#store = store;
    this.#trust = trust;
    this.#counters = counters;
    this.#gate = gate;
    this.#signals = signals;
  }

  /** Loads and stores under the versions of the ticket; callers with the same ticket share one load. */
  refill<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    ticket: Ticket,
    load: () => ResultAsync<T, E>,
  ): Promise<Result<T, E>> {
    return this.#flights.stamped(
      flightOf(entry, ticket),
      () => this.#refill(entry, ticket, load),
      this.#onShared,
    );
  }

  /** Loads without storing; shared only by callers that came before the statement was sent. */
  share<T, E>(entry: CacheEntry<NonNullable<T>>, load: () => ResultAsync<T, E>): Promise<Result<T, E>> {
    const { key, policy } = entry;
    return this.#flights.unstamped(
      key,
      async () => {
        const pause = this.#backoff.pause(key);
        if (pause !== undefined) await pause;
        const attempt = (): Promise<Result<T, E>> => this.#attempt(entry, load);
        return policy.ungated === true ? attempt() : this.#gate.run(attempt);
      },
      this.#onShared,
    );
  }

  /** One load for one caller; `query` is the name of the policy. */
  async load<T, E>(query: string, load: () => ResultAsync<T, E>): Promise<Result<T, E>> {
    this.#counters.loads += 1;
    const startedAt = performance.now();
    const loaded = await load();
    const failed = loaded.isErr();
    if (failed) this.#counters.failedLoads += 1;
    const { cacheLoad } = this.#signals;
    if (cacheLoad.wanted) cacheLoad.send({ query, durationMs: performance.now() - startedAt, failed });
    return loaded;
  }

  /** Loads and stores before it is needed, unless another caller or process does. */
  async refreshEarly<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    ticket: Ticket,
    load: () => ResultAsync<T, E>,
  ): Promise<void> {
    const flight = flightOf(entry, ticket);
    if (this.#refreshing.has(flight) || this.#flights.has(flight)) return;
    this.#refreshing.add(flight);
    if ((await this.#store.lock(entry, ticket)) === true) {
      if (!(await this.#isRefreshed(entry))) {
        this.#counters.earlyRefreshes += 1;
        // dropped: an error leaves the entry as it is, and was counted
        await this.#flights.stamped(flight, () => this.#loadAndStore(entry, ticket, load), this.#onShared);
      }
      this.#store.unlock(entry, ticket);
    }
    this.#refreshing.delete(flight);
  }

  async #refill<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    ticket: Ticket,
    load: () => ResultAsync<T, E>,
  ): Promise<Result<T, E>> {
    const pause = this.#backoff.pause(entry.key);
    if (pause !== undefined) await pause;
    if (entry.policy.loadLock !== true) return this.#loadAndStore(entry, ticket, load);
    const locked = await this.#store.lock(entry, ticket);
    const waited =
      locked === false ? await this.#waitFor(entry, ticket) : await this.#loadedMeanwhile(entry, locked);
    // What was stored for these arguments was loaded for these arguments.
    const loaded =
      waited?.kind === 'hit'
        ? ok<T, E>(waited.found.value as T)
        : await this.#loadAndStore(entry, waited?.ticket ?? ticket, load);
    if (locked === true) this.#store.unlock(entry, ticket);
    return loaded;
  }

  /** Whoever had the lock before may have loaded between this one's look and its turn. */
  async #loadedMeanwhile<T>(entry: CacheEntry<T>, locked: boolean | undefined): Promise<Hit<T> | undefined> {
    if (locked !== true) return undefined;
    const lookup = await this.#store.lookAgain(entry);
    if (lookup.kind !== 'hit' || !this.#trust.believes(entry.anchors)) return undefined;
    this.#counters.lockWaits += 1;
    return lookup;
  }

  async #loadAndStore<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    ticket: Ticket,
    load: () => ResultAsync<T, E>,
  ): Promise<Result<T, E>> {
    const since = this.#trust.conflicts;
    const startedAt = performance.now();
    const loaded = await this.#attempt(entry, load);
    if (loaded.isOk()) {
      this.#store.fill(entry, ticket, { value: loaded.value, loadMs: performance.now() - startedAt });
      this.#trust.reread(entry.anchors, since);
    }
    return loaded;
  }

  async #attempt<T, E>(
    { key, policy }: CacheEntry<NonNullable<T>>,
    load: () => ResultAsync<T, E>,
  ): Promise<Result<T, E>> {
    const loaded = await this.load(policy.name, load);
    if (loaded.isOk()) this.#backoff.succeeded(key);
    else if (isOutage(loaded.error)) this.#backoff.failed(key);
    return loaded;
  }

  /**
   * Another process loads under these versions; looks for what it stores, less and less often. A miss with a new ticket
   * when the versions have moved on: what the other one stores is not valid any more.
   */
  async #waitFor<T>(entry: CacheEntry<T>, { stamp }: Ticket): Promise<Told<T> | undefined> {
    const deadline = performance.now() + LOCK_WAIT_MS;
    for (
      let pauseMs = FIRST_LOOK_MS;
      performance.now() < deadline;
      pauseMs = Math.min(2 * pauseMs, LAST_LOOK_MS)
    ) {
      await sleep(pauseMs);
      const lookup = await this.#store.lookAgain(entry);
      if (lookup.kind === 'unavailable' || !this.#trust.believes(entry.anchors)) return undefined;
      if (lookup.kind === 'hit') {
        this.#counters.lockWaits += 1;
        return lookup;
      }
      if (lookup.ticket.stamp !== stamp) return lookup;
    }
    return undefined;
  }

  async #isRefreshed<T>(entry: CacheEntry<T>): Promise<boolean> {
    const lookup = await this.#store.lookAgain(entry);
    return lookup.kind === 'hit' && !isDueEarly(lookup.found);
  }

  readonly #onShared = (): void => {
    this.#counters.sharedLoads += 1;
  };
}

const flightOf = ({ key }: { readonly key: string }, { stamp }: Ticket): string => `${key}|${stamp}`;
