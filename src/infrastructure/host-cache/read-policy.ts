import { ok, Result, type ResultAsync } from 'neverthrow';
import type { Cache, CacheEntryOptions, UnresolvedPlaceholder } from '../../application/ports/cache.ts';
import type { UnexpectedError } from '../../application/ports/unit-of-work.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { Call, FromCall, ParamsOf } from './call.ts';
import { parseTemplate } from './key-template.ts';
import { boundedKey } from './key-text.ts';
import { unitOfWorkOf } from './unit-of-work-of.ts';

/** How the answers of one function are cached; `Params` are what its functions are told of a call. */
export interface ReadPolicy<Params extends unknown[]> extends Omit<CacheEntryOptions, 'anchors'> {
  /**
   * A template such as `recruiter:{arg1}`, or a function; `buildKey` helps it. Every argument that changes the answer
   * belongs into the key.
   */
  readonly key: string | ((...params: Params) => string);
  /** Templates, or a function. They are known before the answer is, so they can only depend on the arguments. */
  readonly anchors?: readonly string[] | ((...params: Params) => readonly string[]);
  /** Another name of `ttlMs`. */
  readonly ttl?: number;
}

/** What a call through the cache can answer beside its own errors. */
export type CachedCallError = UnresolvedPlaceholder | ValidationError | UnexpectedError;

/** Answers a call from the cache or by `load`. */
export type CachedRead = (
  cache: Cache,
  call: Call,
  load: () => PromiseLike<Result<unknown, unknown>>,
) => ResultAsync<unknown, unknown>;

/** @param paramsOf what the functions of the policy are told of a call */
export function cachedRead<Params extends unknown[]>(
  { key, anchors = [], ttl, ...given }: ReadPolicy<Params>,
  paramsOf: ParamsOf<Params>,
): CachedRead {
  const keyOf: FromCall<string> =
    typeof key === 'function' ? (call) => ok(key(...paramsOf(call))) : boundedTemplate(key);
  const anchorsOf: FromCall<readonly string[]> =
    typeof anchors === 'function' ? (call) => ok(anchors(...paramsOf(call))) : templates(anchors);
  const entry: CacheEntryOptions = ttl === undefined ? given : { ttlMs: ttl, ...given };
  return (cache, call, load) =>
    keyOf(call).asyncAndThen((found) =>
      anchorsOf(call).asyncAndThen((dependencies) => {
        const uow = unitOfWorkOf(call);
        const options = uow === undefined ? entry : { ...entry, uow };
        return cache.getOrLoad(found, load, { ...options, anchors: dependencies });
      }),
    );
}

function boundedTemplate(template: string): FromCall<string> {
  const fill = parseTemplate(template);
  return (call) => fill(call).map(boundedKey);
}

function templates(all: readonly string[]): FromCall<readonly string[]> {
  const fills = all.map((template) => parseTemplate(template));
  return (call) => Result.combine(fills.map((fill) => fill(call)));
}
