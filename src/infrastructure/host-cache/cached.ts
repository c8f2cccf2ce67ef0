import type { Result, ResultAsync } from 'neverthrow';
import type { Cache } from '../../application/ports/cache.ts';
import { argsOf, selfAndArgsOf } from './call.ts';
import { cacheOf, type CacheSource } from './cache-of.ts';
import { decorateMethod, type AsyncMethodDecorator } from './decorate-method.ts';
import { cachedRead, type CachedCallError, type ReadPolicy } from './read-policy.ts';

export interface CachedFunctionOptions<Args extends unknown[]> extends ReadPolicy<Args> {
  readonly cache: Cache;
}

export interface CachedMethodOptions<Self, Args extends unknown[]> extends ReadPolicy<
  [self: Self, ...args: Args]
> {
  /** The cache, or a function that finds it; the property `cache` of the object when left out. */
  readonly cache?: CacheSource<Self>;
}

/**
 * Reads a function through the cache: the same function, answered from the cache when the key of its arguments is in it.
 *
 * Only `Ok` is stored, and `undefined` or `null` only with `negativeTtlMs`. Beside its own errors it answers
 * `UnresolvedPlaceholder` when a template names an argument that is not there, `Validation` when the key or the value
 * cannot be used, and `Unexpected` when it throws. Cache trouble never shows. Where an argument is a unit of work, or
 * has one as its `uow`, the cache leaves alone what that may have changed.
 */
export function cached<Args extends unknown[], T, E>(
  fn: (...args: Args) => PromiseLike<Result<T, E>>,
  options: CachedFunctionOptions<Args>,
): (...args: Args) => ResultAsync<T, E | CachedCallError>;
/**
 * The same as a decorator of methods, `@cached({ key: 'recruiter:{arg1}', ttl })`, for standard decorators and for
 * `experimentalDecorators`. Functions of the policy take the object first: `(self, id) => …`. The unit of work may also
 * be the object's `uow`. An `async` method still answers a promise, any other one a `ResultAsync`.
 */
export function cached<Self, Args extends unknown[]>(
  options: CachedMethodOptions<Self, Args>,
): AsyncMethodDecorator<NoInfer<Self>, Args>;
export function cached(
  first:
    | CachedMethodOptions<unknown, unknown[]>
    | ((...args: unknown[]) => PromiseLike<Result<unknown, unknown>>),
  options?: CachedFunctionOptions<unknown[]>,
): unknown {
  if (typeof first === 'function' && options !== undefined) {
    const { cache, ...policy } = options;
    cache.declareFamilies(...(policy.families ?? []));
    const read = cachedRead(policy, argsOf);
    return (...args: unknown[]) => read(cache, { self: undefined, args }, () => first(...args));
  }
  const { cache, ...policy } = first as CachedMethodOptions<unknown, unknown[]>;
  const read = cachedRead(policy, selfAndArgsOf);
  return decorateMethod((call, proceed) => read(cacheOf(cache, call.self), call, proceed));
}
