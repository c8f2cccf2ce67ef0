import type { Result } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { ReadSource } from '../../application/ports/instrumentation.ts';

/** Turns values into text and back; decoding gives exactly what was encoded, or an error that counts as a miss. */
export interface Codec<T> {
  encode(value: T): string;
  decode(text: string): Result<T, unknown>;
}

/** Everything the cache needs to know about one query with its arguments. */
export interface CacheEntry<T> {
  /** Name of the policy, for statistics. */
  readonly query: string;
  readonly key: string;
  /** At least one; known before the answer is. */
  readonly anchors: readonly Anchor[];
  readonly ttlMs: number;
  readonly codec: Codec<T>;
}

/** The versions of an entry's anchors at one moment, for comparing only. */
export type Stamp = string;

export type Lookup<T> =
  | { readonly kind: 'hit'; readonly value: T; readonly stamp: Stamp; readonly ageMs: number }
  | { readonly kind: 'miss'; readonly stamp: Stamp }
  /** The store cannot be asked at the moment. */
  | { readonly kind: 'unavailable' };

/**
 * Entries that are valid only while the versions of their anchors are the ones they were stamped with. Nothing here
 * rejects; a store that cannot be reached says so and stays within its time budget.
 */
export interface VersionedStore {
  readonly source: Exclude<ReadSource, 'database'>;
  /** Versions that do not exist yet are created, so that a miss always has a stamp. */
  lookup<T>(entry: CacheEntry<T>): Lookup<T> | Promise<Lookup<T>>;
  /** The same for several entries in one round trip, in their order. */
  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] | Promise<readonly Lookup<T>[]>;
  /** Stores a value under the stamp that was seen before it was loaded. Nobody waits for it. */
  fill<T>(entry: CacheEntry<T>, stamp: Stamp, value: T): void;
  /** Raises the versions; `false` when that is not certain to have happened. */
  bump(anchors: readonly Anchor[]): Promise<boolean>;
}

export const UNAVAILABLE = { kind: 'unavailable' } as const;

/** Spreads expiries by ±10 %, so that what was stored together does not expire together. */
export const jittered = (ttlMs: number): number => Math.round(ttlMs * (0.9 + Math.random() * 0.2));
