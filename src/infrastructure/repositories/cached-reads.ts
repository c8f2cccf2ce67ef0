import type { ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { CachePolicy } from '../../application/caching/cache-policies.ts';
import type { AnchorTrust } from '../cache/anchor-trust.ts';
import type { ReadThrough } from '../cache/read-through.ts';
import type { CacheEntry, Codec } from '../cache/versioned-store.ts';
import type { ReadScope } from './read-scope.ts';

/** A policy applied to arguments. */
export const entryOf = <T, Args extends readonly unknown[]>(
  policy: CachePolicy<Args>,
  codec: Codec<T>,
  ...args: Args
): CacheEntry<T> => ({
  policy,
  key: policy.key(...args),
  anchors: [policy.anchor(...args), policy.family],
  codec,
});

/** What all cached repositories do: hand the cache the entry and the two repositories that can load it. */
export class CachedReads<Reader> {
  readonly #cache: ReadThrough;
  readonly #trust: AnchorTrust;
  readonly #scope: ReadScope;
  readonly #inside: Reader;
  readonly #outside: Reader;

  /**
   * @param inside answers through the unit of work, if there is one
   * @param outside answers by statements of its own
   */
  constructor(cache: ReadThrough, trust: AnchorTrust, scope: ReadScope, inside: Reader, outside: Reader) {
    this.#cache = cache;
    this.#trust = trust;
    this.#scope = scope;
    this.#inside = inside;
    this.#outside = outside;
  }

  read<T, E>(
    entry: CacheEntry<NonNullable<T>>,
    load: (reader: Reader) => ResultAsync<T, E>,
  ): ResultAsync<T, E> {
    return this.#cache.read(entry, this.#scope, {
      outside: () => load(this.#outside),
      inside: () => load(this.#inside),
    });
  }

  peek<T>(entry: CacheEntry<T>): T | undefined {
    return this.#cache.peek(entry);
  }

  readMany<Id, T, E>(
    ids: readonly Id[],
    entry: (id: Id) => CacheEntry<T>,
    load: (reader: Reader, missing: readonly Id[]) => ResultAsync<ReadonlyMap<Id, T>, E>,
  ): ResultAsync<ReadonlyMap<Id, T>, E> {
    return this.#cache.readMany(new Map(ids.map((id) => [id, entry(id)])), this.#scope, (missing) => ({
      outside: () => load(this.#outside, missing),
      inside: () => load(this.#inside, missing),
    }));
  }

  /** For the errors of an update: after a version conflict the next read must not answer what led to it. */
  readonly distrustAfterConflict =
    (anchors: readonly Anchor[]) =>
    <E extends { readonly type: string }>(error: E): E => {
      if (error.type === 'StaleVersion') this.#trust.conflict(anchors);
      return error;
    };
}
