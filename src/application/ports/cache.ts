import type { Result, ResultAsync } from 'neverthrow';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { CacheControl } from './cache-control.ts';
import type { UnexpectedError, UnitOfWork } from './unit-of-work.ts';

/** The cache could not be asked or told: Redis is away, or too slow. */
export interface CacheUnavailable {
  readonly type: 'CacheUnavailable';
  /** The method of the cache. */
  readonly operation: string;
  readonly retryable: true;
}

/** Nobody declared this family and no key of it was used, so dropping it would drop nothing: a misspelling, most likely. */
export interface UnknownFamily {
  readonly type: 'UnknownFamily';
  readonly family: string;
}

/** A template names something that the call does not have; nothing was read, called or invalidated. */
export interface UnresolvedPlaceholder {
  readonly type: 'UnresolvedPlaceholder';
  readonly template: string;
  /** As it stands in the template, without its braces: `arg1.id`. */
  readonly placeholder: string;
}

/**
 * What an entry depends on beside its key. It is part of where an entry is found: whoever reads an entry names the same
 * as whoever stored it, or misses it.
 */
export interface CacheDependencies {
  /** Names under which it can be dropped with others, beside the first segment of its key. */
  readonly families?: readonly string[];
  /**
   * Names whose change makes it invalid: the SDK's own that its commits raise, such as `recruiter:5`, or `recruiters:list`
   * for any recruiter; or the host's, which `invalidate({ anchor })` raises. The SDK's families are refused, because its
   * commits do not raise them; what depends on one of its anchors is dropped with the family all the same.
   */
  readonly anchors?: readonly string[];
}

/** How long an entry lives and what it depends on. Milliseconds throughout. */
export interface CacheEntryOptions extends CacheDependencies {
  /** Lifetime; 30 minutes when left out, seven days at most. */
  readonly ttlMs?: number;
  /** How long past its lifetime it may still be served while its source fails or is slow; not at all when left out. */
  readonly graceMs?: number;
  /** Lifetime of a loaded `undefined` or `null`, which is not stored at all when this is left out. */
  readonly negativeTtlMs?: number;
  /** Loads again in the background shortly before it expires, if it is read often. */
  readonly refreshEarly?: boolean;
  /** One load among all processes instead of one in each. */
  readonly loadLock?: boolean;
}

export interface CacheLoadOptions extends CacheEntryOptions {
  /** The loader reads through this unit of work, so what it answers may not be committed yet. */
  readonly uow?: UnitOfWork;
}

/**
 * What is no longer valid: a key; everything of a family, also written as the pattern `family:*`, and with one of the
 * SDK's everything that depends on its anchors; everything that depends on an anchor. No other pattern is understood.
 */
export type InvalidationTarget =
  | string
  | { readonly key: string }
  | { readonly anchor: string }
  | { readonly family: string };

export interface InvalidateOptions {
  /** Waits for the commit of this unit of work, with which it happens or not. */
  readonly uow?: UnitOfWork;
}

export type TargetError = ValidationError | UnknownFamily;

/**
 * The host's own entries, in a key space of their own: they never meet the SDK's. A key has any characters but `*` and
 * control characters, 512 at most; its family is what stands before the first `:`.
 *
 * Values are plain data, dates, bigints, maps, sets and what else the codec knows. Every caller gets a copy, and a hit
 * answers what a miss answered.
 */
export interface Cache extends CacheControl {
  /** `undefined` when there is nothing, or nothing that is still valid. One round trip. */
  get<T>(
    key: string,
    dependencies?: CacheDependencies,
  ): ResultAsync<T | undefined, CacheUnavailable | ValidationError>;
  /** Whether `get` would find something. */
  exists(
    key: string,
    dependencies?: CacheDependencies,
  ): ResultAsync<boolean, CacheUnavailable | ValidationError>;
  /** The keys that were found, in the order in which they were asked for. One round trip. */
  getMany<T>(
    keys: readonly string[],
    dependencies?: CacheDependencies,
  ): ResultAsync<ReadonlyMap<string, T>, CacheUnavailable | ValidationError>;
  /**
   * Stores a value in place of whatever any process has under the key. What is just being loaded for it is not kept, but
   * may leave nothing where the value was. `undefined` and `null` are refused: `delete` the key instead.
   */
  set(
    key: string,
    value: unknown,
    options?: CacheEntryOptions,
  ): ResultAsync<void, CacheUnavailable | ValidationError>;
  /** `set` for each entry, with the same options. */
  setMany(
    entries: Iterable<readonly [key: string, value: unknown]>,
    options?: CacheEntryOptions,
  ): ResultAsync<void, CacheUnavailable | ValidationError>;
  /** Forgets the key everywhere, also what is just being loaded for it. `Ok` whether there was something or not. */
  delete(key: string): ResultAsync<void, CacheUnavailable | ValidationError>;
  deleteMany(keys: readonly string[]): ResultAsync<void, CacheUnavailable | ValidationError>;
  /**
   * The cached value, or what `load` answers, which is then cached. Callers that miss at the same time share one load.
   * An `Err` of `load` is never cached; when it throws, the answer is `Unexpected`. Cache trouble never shows: without
   * the cache `load` answers.
   */
  getOrLoad<T, E>(
    key: string,
    load: () => PromiseLike<Result<T, E>>,
    options?: CacheLoadOptions,
  ): ResultAsync<T, E | ValidationError | UnexpectedError>;
  /** `getOrLoad` of a list, mutable or readonly: a `ResultAsync` of the one is none of the other. */
  list<T, E>(
    key: string,
    load: () => PromiseLike<Result<readonly T[], E>> | PromiseLike<Result<T[], E>>,
    options?: CacheLoadOptions,
  ): ResultAsync<readonly T[], E | ValidationError | UnexpectedError>;
  /**
   * Makes everything under the targets invalid, in every process, whether it is stored or just being loaded. One bump
   * for each target, however much is under it. `CacheUnavailable` when it is not certain to have happened.
   */
  invalidate(
    targets: InvalidationTarget | readonly InvalidationTarget[],
    options?: InvalidateOptions,
  ): ResultAsync<void, CacheUnavailable | TargetError>;
  /** The anchors that `invalidate` raises for the targets, for `uow.invalidate`. Asks nobody. */
  anchorsOf(
    targets: InvalidationTarget | readonly InvalidationTarget[],
  ): Result<readonly string[], TargetError>;
  /** Makes families known of which this process may drop entries before it has used any. */
  declareFamilies(...families: readonly string[]): void;
  /** Drops everything, the SDK's entries too, with a fixed number of bumps. */
  clear(): ResultAsync<void, CacheUnavailable>;
  /** Milliseconds the store took to answer. */
  ping(): ResultAsync<number, CacheUnavailable>;
}
