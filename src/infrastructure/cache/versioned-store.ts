import type { Result, ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { EntryPolicy } from '../../application/caching/cache-policies.ts';

/** Turns values into plain data and back; what comes back is exactly what went in, or an error that counts as a miss. */
export interface Codec<T> {
  toData(value: T): unknown;
  fromData(data: unknown): Result<T, unknown>;
}

/** Everything the cache needs to know about one query with its arguments. */
export interface CacheEntry<T> {
  readonly policy: EntryPolicy;
  readonly key: string;
  /** At least one, the entry's own first; known before the answer is. */
  readonly anchors: readonly Anchor[];
  readonly codec: Codec<T>;
  /** What a memory keeps for this entry, so that it need not look for it; only that memory reads or sets it. */
  kept?: Held<unknown> | undefined;
}

/** The versions of an entry's anchors at one moment, for comparing only. */
export type Stamp = string;

/** What a fill needs to know about the moment before the value was loaded. Only the store that gave it can use it. */
export interface Ticket {
  readonly stamp: Stamp;
}

/** A stored value; `undefined` and `null` are values that stand for known absence. Times on `performance.now()`. */
export interface Found<T> {
  readonly source: 'l1' | 'l2';
  readonly value: T | null | undefined;
  readonly storedAt: number;
  /** End of its lifetime; when it is over, only its grace period is left. */
  readonly expiresAt: number;
  /** How long it took to load. */
  readonly loadMs: number;
}

export interface Hit<T> {
  readonly kind: 'hit';
  readonly found: Found<T>;
  readonly ticket: Ticket;
}

/** A hit in the memory of this process. */
export interface Held<T> extends Hit<T> {
  /** Until then there is a value, and nothing to do but answer it. On `performance.now()`. */
  readonly readyUntil: number;
  /** The value as an answer, made once for all who read it. */
  answer: ResultAsync<T, never> | undefined;
}

export type Lookup<T> =
  | Hit<T>
  /** `expired` has outlived its lifetime, but its versions are the present ones. */
  | { readonly kind: 'miss'; readonly ticket: Ticket; readonly expired?: Found<T> | undefined }
  /** The store cannot be asked at the moment. */
  | { readonly kind: 'unavailable' };

/** A value and what loading it took. */
export interface Filling<T> {
  readonly value: T | null | undefined;
  readonly loadMs: number;
}

/**
 * Entries that are valid only while the versions of their anchors are the ones they were stamped with. Nothing here
 * rejects; a store that cannot be reached says so and stays within its time budget.
 */
export interface VersionedStore {
  /** Versions that do not exist yet are created, so that a miss always has a ticket. Memory answers at once. */
  lookup<T>(entry: CacheEntry<T>): Lookup<T> | Promise<Lookup<T>>;
  /** The same for several entries in one round trip, in their order. */
  lookupMany<T>(entries: readonly CacheEntry<T>[]): readonly Lookup<T>[] | Promise<readonly Lookup<T>[]>;
  /** The same for one entry, whatever the memory of this process holds. */
  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>>;
  /** What the memory of this process holds and may answer, without asking anybody. `now` is `performance.now()`. */
  held<T>(entry: CacheEntry<T>, now?: number): Held<T> | undefined;
  /** Stores a value under the versions that were seen before it was loaded. Nobody waits for it. */
  fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void;
  /** Raises the entry's own anchor and stores a value under exactly that version; `false` when that is not certain. */
  put<T>(entry: CacheEntry<T>, value: T): Promise<boolean>;
  /** Keeps readers away from what is about to change; `false` when that is not certain. */
  mark(anchors: readonly Anchor[]): Promise<boolean>;
  /** Raises the versions, and takes a mark back; `false` when that is not certain to have happened. */
  bump(anchors: readonly Anchor[], marked?: boolean): Promise<boolean>;
  /** One process at a time loads what this ticket was given for; `undefined` when nobody can tell. */
  lock<T>(entry: CacheEntry<T>, ticket: Ticket): Promise<boolean | undefined>;
  unlock<T>(entry: CacheEntry<T>, ticket: Ticket): void;
}

export const UNAVAILABLE = { kind: 'unavailable' } as const;

/** Spreads expiries by ±10 %, so that what was stored together does not expire together. */
export const jittered = (ttlMs: number): number => Math.round(ttlMs * (0.9 + Math.random() * 0.2));

/** How long a value may be stored, grace not included; nothing when it must not be stored at all. */
export const lifetimeOf = (policy: EntryPolicy, value: unknown): number =>
  value === undefined || value === null ? (policy.negativeTtlMs ?? 0) : policy.ttlMs;

/** Milliseconds since it was stored. */
export const ageOf = ({ storedAt }: Found<unknown>): number => Math.max(0, performance.now() - storedAt);
