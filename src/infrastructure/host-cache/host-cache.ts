import { err, ok, okAsync, Result, ResultAsync } from 'neverthrow';
import { families as sdkFamilies, type Anchor } from '../../application/caching/anchors.ts';
import type {
  Cache,
  CacheDependencies,
  CacheEntryOptions,
  CacheLoadOptions,
  CacheUnavailable,
  InvalidateOptions,
  InvalidationTarget,
  TargetError,
} from '../../application/ports/cache.ts';
import type { CacheControl, CacheStats } from '../../application/ports/cache-control.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { UnexpectedError } from '../../application/ports/unit-of-work.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import { cacheUnavailable } from '../cache/cache-unavailable.ts';
import type { ReadThrough, Sought } from '../cache/read-through.ts';
import { encodable, hostValues } from '../cache/values/host-values.ts';
import type { VersionedStore } from '../cache/versioned-store.ts';
import { MAX_VALUE_CHARACTERS } from '../cache/limits.ts';
import { noUnitOfWork, scopeOf, type ReadScope } from '../repositories/read-scope.ts';
import { settled } from '../transaction/run-transaction.ts';
import { EVERYTHING, type HostData, HostEntries, type HostEntry } from './host-entries.ts';

export interface HostCacheParts {
  readonly readThrough: ReadThrough;
  readonly store: VersionedStore;
  readonly control: CacheControl;
  /** Tells every process; `false` when that is not certain. */
  readonly tell: (anchors: readonly Anchor[]) => Promise<boolean>;
  /** Tells those that keep values of their own, and only them, that one was set here. */
  readonly tellOthers: (anchors: readonly Anchor[]) => Promise<boolean>;
  /** Milliseconds an answer of the store took; `undefined` when it gave none. */
  readonly ping: () => Promise<number | undefined>;
  readonly logger: Logger;
}

/** The host's own entries, on the engine that caches the SDK's. */
export class HostCache implements Cache {
  readonly #parts: HostCacheParts;
  readonly #entries = new HostEntries();

  constructor(parts: HostCacheParts) {
    this.#parts = parts;
  }

  get enabled(): boolean {
    return this.#parts.control.enabled;
  }

  enable(): void {
    this.#parts.control.enable();
  }

  disable(): void {
    this.#parts.control.disable();
  }

  stats(): CacheStats {
    return this.#parts.control.stats();
  }

  declareFamilies(...families: readonly string[]): void {
    this.#entries.declare(families);
  }

  get<T>(
    key: string,
    dependencies?: CacheDependencies,
  ): ResultAsync<T | undefined, CacheUnavailable | ValidationError> {
    return this.getMany<T>([key], dependencies).map((found) => found.get(key));
  }

  exists(
    key: string,
    dependencies?: CacheDependencies,
  ): ResultAsync<boolean, CacheUnavailable | ValidationError> {
    return this.getMany([key], dependencies).map((found) => found.has(key));
  }

  getMany<T>(
    keys: readonly string[],
    dependencies?: CacheDependencies,
  ): ResultAsync<ReadonlyMap<string, T>, CacheUnavailable | ValidationError> {
    const distinct = [...new Set(keys)];
    return Result.combine(distinct.map((key) => this.#entries.entry(key, dependencies))).asyncAndThen(
      (entries) =>
        new ResultAsync(
          this.#parts.readThrough.find(entries).then((sought) => this.#collect<T>(distinct, sought)),
        ),
    );
  }

  set(
    key: string,
    value: unknown,
    options?: CacheEntryOptions,
  ): ResultAsync<void, CacheUnavailable | ValidationError> {
    return this.setMany([[key, value]], options);
  }

  setMany(
    entries: Iterable<readonly [key: string, value: unknown]>,
    options?: CacheEntryOptions,
  ): ResultAsync<void, CacheUnavailable | ValidationError> {
    const all = [...entries].map(([key, value]) =>
      this.#entries.entry(key, options).andThen((entry) => storable(value).map((data) => ({ entry, data }))),
    );
    return Result.combine(all).asyncAndThen((checked) =>
      this.#certain('set', Promise.all(checked.map(({ entry, data }) => this.#put(entry, data)))),
    );
  }

  delete(key: string): ResultAsync<void, CacheUnavailable | ValidationError> {
    return this.deleteMany([key]);
  }

  deleteMany(keys: readonly string[]): ResultAsync<void, CacheUnavailable | ValidationError> {
    return Result.combine(keys.map((key) => this.#entries.entry(key))).asyncAndThen((entries) =>
      this.#tell(
        'delete',
        entries.flatMap(({ anchors: [own] }) => own ?? []),
      ),
    );
  }

  getOrLoad<T, E>(
    key: string,
    load: () => PromiseLike<Result<T, E>>,
    options: CacheLoadOptions = {},
  ): ResultAsync<T, E | ValidationError | UnexpectedError> {
    type Failure = E | ValidationError | UnexpectedError;
    const { uow } = options;
    const scope = uow === undefined ? noUnitOfWork : readingOnly(scopeOf(uow));
    const loadData = (): ResultAsync<Loaded, Failure> =>
      new ResultAsync<T, Failure>(settled<T, Failure>(load)).andThen((value) => toData<Failure>(value));
    const answer = async (entry: HostEntry): Promise<Result<T, Failure>> => {
      const sources = { outside: loadData, inside: loadData };
      const read = await this.#parts.readThrough.read<Loaded, Failure>(entry, scope, sources);
      if (read.isErr()) return err(read.error);
      // What another release stored in a way this one cannot read is as good as nothing.
      const value = fromData<T>(read.value);
      return value.isOk() ? ok(value.value) : settled<T, Failure>(load);
    };
    return this.#entries
      .entry(key, options)
      .mapErr((error): Failure => error)
      .asyncAndThen((entry) => new ResultAsync(answer(entry)));
  }

  list<T, E>(
    key: string,
    load: () => PromiseLike<Result<readonly T[], E>> | PromiseLike<Result<T[], E>>,
    options?: CacheLoadOptions,
  ): ResultAsync<readonly T[], E | ValidationError | UnexpectedError> {
    return this.getOrLoad<readonly T[], E>(key, async () => load(), options);
  }

  invalidate(
    targets: InvalidationTarget | readonly InvalidationTarget[],
    { uow }: InvalidateOptions = {},
  ): ResultAsync<void, CacheUnavailable | TargetError> {
    return this.anchorsOf(targets).asyncAndThen((anchors) => {
      if (uow === undefined) return this.#tell('invalidate', anchors);
      uow.invalidate(...anchors);
      return okAsync(undefined);
    });
  }

  anchorsOf(
    targets: InvalidationTarget | readonly InvalidationTarget[],
  ): Result<readonly string[], TargetError> {
    return this.#entries.anchorsOf([targets].flat());
  }

  clear(): ResultAsync<void, CacheUnavailable> {
    return this.#tell('clear', [EVERYTHING, ...sdkFamilies]);
  }

  ping(): ResultAsync<number, CacheUnavailable> {
    return new ResultAsync(
      this.#parts.ping().then((ms) => (ms === undefined ? err(cacheUnavailable('ping')) : ok(ms))),
    );
  }

  async #put(entry: HostEntry, data: HostData): Promise<boolean> {
    const { store, tellOthers } = this.#parts;
    // In this order: of two who set it at the same time, at worst both forget it.
    return (await store.put(entry, data)) && (await tellOthers(entry.anchors.slice(0, 1)));
  }

  #tell(operation: string, anchors: readonly Anchor[]): ResultAsync<void, CacheUnavailable> {
    if (anchors.length === 0) return okAsync(undefined);
    return this.#certain(
      operation,
      this.#parts.tell(anchors).then((told) => [told]),
    );
  }

  #certain(operation: string, work: Promise<readonly boolean[]>): ResultAsync<void, CacheUnavailable> {
    return new ResultAsync(
      work.then((done) => {
        if (done.every(Boolean)) return ok(undefined);
        this.#parts.logger.warn({ operation }, 'the cache could not be told');
        return err(cacheUnavailable(operation));
      }),
    );
  }

  #collect<T>(
    keys: readonly string[],
    sought: readonly Sought<HostData>[],
  ): Result<ReadonlyMap<string, T>, CacheUnavailable> {
    const found = new Map<string, T>();
    for (const [index, key] of keys.entries()) {
      const one = sought[index];
      if (one === 'unavailable') return err(cacheUnavailable('get'));
      if (one?.value === undefined || one.value === null) continue;
      const value = hostValues.fromData(one.value);
      if (value.isOk()) found.set(key, value.value as T);
    }
    return ok(found);
  }
}

/** The loader may write through the unit of work, so what it answers is never stored. */
const readingOnly = (scope: ReadScope): ReadScope => ({
  shared: scope.shared,
  mode: (anchors) => (scope.mode(anchors) === 'bypass' ? 'bypass' : 'peek'),
});

/** Absence stays what it is, so that the engine knows it as such. */
type Loaded = HostData | null | undefined;

const storable = (value: unknown): Result<HostData, ValidationError> =>
  value === undefined || value === null
    ? invalid('value', 'must not be undefined or null: delete the key instead')
    : encoded(value).andThen((data) =>
        JSON.stringify(data).length > MAX_VALUE_CHARACTERS
          ? invalid('value', `must have ${MAX_VALUE_CHARACTERS} characters at most when it is stored`)
          : ok(data),
      );

const toData = <E>(value: unknown): Result<Loaded, E | ValidationError> =>
  value === undefined || value === null ? ok(value) : encoded(value);

/** Everything is encoded as a list of its parts, or as a number that stands for one of the values JSON does not have. */
const encoded = (value: unknown): Result<HostData, ValidationError> =>
  encodable(value).map((data) => data as HostData);

const fromData = <T>(data: Loaded): Result<T, unknown> =>
  data === undefined || data === null ? ok(data as T) : hostValues.fromData(data).map((value) => value as T);
