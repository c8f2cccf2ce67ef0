import type { Anchor } from '../../application/caching/anchors.ts';
import type { InvalidationId } from '../../application/ports/invalidation.ts';

/** Which anchors this process does not believe the cache about at the moment, although their versions may match. */
export class AnchorTrust {
  readonly #deferred = new Map<InvalidationId, readonly Anchor[]>();
  /** Anchors of deferred invalidations, with the number of invalidations that concern them. */
  readonly #untrusted = new Map<Anchor, number>();
  /** Anchors of version conflicts, with the number of the conflict. */
  readonly #conflicted = new Map<Anchor, number>();
  #conflicts = 0;

  /** This process changed these and could not tell the cache; not trusted until the outbox row has been acted on. */
  defer(id: InvalidationId, anchors: readonly Anchor[]): void {
    if (this.#deferred.has(id)) return;
    this.#deferred.set(id, anchors);
    for (const anchor of anchors) this.#untrusted.set(anchor, (this.#untrusted.get(anchor) ?? 0) + 1);
  }

  /** The rows were acted on, by this process or by another. */
  settle(ids: Iterable<InvalidationId>): void {
    for (const id of ids) {
      for (const anchor of this.#deferred.get(id) ?? []) {
        const left = (this.#untrusted.get(anchor) ?? 1) - 1;
        if (left === 0) this.#untrusted.delete(anchor);
        else this.#untrusted.set(anchor, left);
      }
      this.#deferred.delete(id);
    }
  }

  get deferred(): readonly InvalidationId[] {
    return [...this.#deferred.keys()];
  }

  /** What these deferred invalidations are about, as far as they are not settled. */
  anchorsOf(ids: Iterable<InvalidationId>): readonly Anchor[] {
    return [...new Set([...ids].flatMap((id) => this.#deferred.get(id) ?? []))];
  }

  trusts(anchors: readonly Anchor[]): boolean {
    return this.#untrusted.size === 0 || !anchors.some((anchor) => this.#untrusted.has(anchor));
  }

  /** A write found a newer row than the one that was read, so what the cache holds is not read until it was loaded anew. */
  conflict(anchors: readonly Anchor[]): void {
    this.#conflicts += 1;
    for (const anchor of anchors) this.#conflicted.set(anchor, this.#conflicts);
  }

  /** Whether what a store found under these anchors may be answered. */
  believes(anchors: readonly Anchor[]): boolean {
    return this.trusts(anchors) && !this.conflicted(anchors);
  }

  conflicted(anchors: readonly Anchor[]): boolean {
    return this.#conflicted.size > 0 && anchors.some((anchor) => this.#conflicted.has(anchor));
  }

  /** Where conflicts stand now; a load that begins here has seen what came before. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** A load that began when conflicts stood at `since` was stored. */
  reread(anchors: readonly Anchor[], since: number): void {
    if (this.#conflicted.size === 0) return;
    for (const anchor of anchors)
      if ((this.#conflicted.get(anchor) ?? Number.POSITIVE_INFINITY) <= since)
        this.#conflicted.delete(anchor);
  }
}
