import type { Anchor } from '../../application/caching/anchors.ts';
import type { Invalidation, InvalidationId } from '../../application/ports/invalidation.ts';
import type { CommitReport } from '../../application/ports/unit-of-work.ts';
import type { AnchorTrust } from './anchor-trust.ts';
import type { CacheCounters } from './cache-counters.ts';
import type { InvalidationRelay } from './invalidation-relay.ts';
import type { VersionedStore } from './versioned-store.ts';

/** This process has no cache of its own to tell. */
export const noCache = (durable: boolean, announcedBy?: string): Invalidation => ({
  durable,
  announcedBy,
  prepare: () => Promise.resolve(false),
  // Other processes may have one; they are told through the outbox.
  invalidate: () => Promise.resolve(durable ? 'deferred' : 'applied'),
  suspect: () => Promise.resolve(),
});

/** A server that lost its client ends a commit it has begun well within this time, or rolls it back. */
const SUSPECT_MS = 60_000;

/** The only cache is in this process, so telling it is telling everybody. */
export class InProcessInvalidation implements Invalidation {
  readonly durable: boolean;
  readonly announcedBy: string | undefined;
  readonly #store: VersionedStore;
  readonly #trust: AnchorTrust;
  #suspicions = 0;

  constructor(store: VersionedStore, trust: AnchorTrust, durable: boolean, announcedBy?: string) {
    this.#store = store;
    this.#trust = trust;
    this.durable = durable;
    this.announcedBy = announcedBy;
  }

  prepare(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async invalidate(anchors: readonly Anchor[]): Promise<CommitReport['invalidation']> {
    await this.#store.bump(anchors);
    return 'applied';
  }

  /** No relay will tell what became of the commit, so for a while these anchors are read from the database. */
  suspect(anchors: readonly Anchor[]): Promise<void> {
    this.#suspicions -= 1;
    const id: InvalidationId = this.#suspicions;
    this.#trust.defer(id, anchors);
    setTimeout(() => {
      void this.#store.bump(anchors).then(() => this.#trust.settle([id]));
    }, SUSPECT_MS).unref();
    return Promise.resolve();
  }
}

interface SharedParts {
  readonly store: VersionedStore;
  readonly reachable: () => boolean;
  readonly relay: InvalidationRelay;
  readonly trust: AnchorTrust;
  readonly counters: CacheCounters;
  /** Whether readers are kept away while a commit is on its way. */
  readonly strict: boolean;
  readonly announcedBy: string | undefined;
}

/** The cache is shared through Redis; what cannot be told now is told by a relay, here or elsewhere. */
export class SharedInvalidation implements Invalidation {
  readonly durable = true;
  readonly announcedBy: string | undefined;
  readonly #parts: SharedParts;

  constructor(parts: SharedParts) {
    this.announcedBy = parts.announcedBy;
    this.#parts = parts;
  }

  prepare(anchors: readonly Anchor[]): Promise<boolean> {
    const { strict, reachable, store } = this.#parts;
    return strict && reachable() ? store.mark(anchors) : Promise.resolve(false);
  }

  async invalidate(
    anchors: readonly Anchor[],
    prepared: boolean,
    id?: InvalidationId,
  ): Promise<CommitReport['invalidation']> {
    const { reachable, store, relay, trust, counters } = this.#parts;
    if (reachable() && (await store.bump(anchors, prepared))) {
      if (id !== undefined) relay.acknowledge(id);
      return 'applied';
    }
    if (id !== undefined) trust.defer(id, anchors);
    counters.deferredCommits += 1;
    return 'deferred';
  }

  async suspect(anchors: readonly Anchor[], prepared: boolean): Promise<void> {
    if (this.#parts.reachable()) await this.#parts.store.bump(anchors, prepared);
  }
}
