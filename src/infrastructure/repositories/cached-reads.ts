import { okAsync, type ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { AnchorTrust } from '../cache/anchor-trust.ts';
import type { Load, ReadThrough } from '../cache/read-through.ts';
import type { CacheEntry } from '../cache/versioned-store.ts';
import type { ReadScope } from './read-scope.ts';

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
    return this.#held(entry) ?? this.#cache.read(entry, this.#scope, this.#loads(load));
  }

  /** The loader and the error are functions of the entry, so that a hit makes neither. */
  require<T, Entry extends CacheEntry<T & {}>, E, A>(
    entry: Entry,
    load: (reader: Reader, entry: Entry) => ResultAsync<T | undefined, E>,
    absent: (entry: Entry) => A,
  ): ResultAsync<T, E | A> {
    return this.#held(entry) ?? this.#require(entry, load, absent);
  }

  peek<T>(entry: CacheEntry<T>): T | undefined {
    return this.#cache.peek(entry);
  }

  readMany<Id, T, E>(
    entries: ReadonlyMap<Id, CacheEntry<T>>,
    load: (reader: Reader, missing: readonly Id[]) => ResultAsync<ReadonlyMap<Id, T>, E>,
  ): ResultAsync<ReadonlyMap<Id, T>, E> {
    return this.#cache.readMany(entries, this.#scope, (missing) => ({
      outside: () => this.#beside(() => load(this.#outside, missing)),
      inside: () => load(this.#inside, missing),
    }));
  }

  /** Whoever reads the same entry from memory may have the same answer: neither can be changed. */
  #held<T>(entry: CacheEntry<T>): ResultAsync<T, never> | undefined {
    const held = this.#cache.held(entry, this.#scope);
    return held === undefined ? undefined : (held.answer ??= okAsync(held.found.value as T));
  }

  #require<T, Entry extends CacheEntry<T & {}>, E, A>(
    entry: Entry,
    load: (reader: Reader, entry: Entry) => ResultAsync<T | undefined, E>,
    absent: (entry: Entry) => A,
  ): ResultAsync<T, E | A> {
    const loads = this.#loads((reader) => load(reader, entry));
    return this.#cache.require(entry, this.#scope, loads, absent(entry));
  }

  #loads<T, E>(load: (reader: Reader) => ResultAsync<T, E>): Load<T, E> {
    return { outside: () => this.#beside(() => load(this.#outside)), inside: () => load(this.#inside) };
  }

  #beside<T>(load: () => T): T {
    return this.#scope.beside === undefined ? load() : this.#scope.beside(load);
  }

  /** For the errors of an update: after a version conflict the next read must not answer what led to it. */
  readonly distrustAfterConflict =
    (anchors: readonly Anchor[]) =>
    <E extends { readonly type: string }>(error: E): E => {
      if (error.type === 'StaleVersion') this.#trust.conflict(anchors);
      return error;
    };
}
