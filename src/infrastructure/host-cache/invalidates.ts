import { selfAndArgsOf } from './call.ts';
import { cacheOf, type CacheSource } from './cache-of.ts';
import { decorateMethod, type AsyncMethodDecorator } from './decorate-method.ts';
import { invalidating } from './invalidating.ts';
import { targetsOf, type TargetPolicy } from './target-policy.ts';

export interface InvalidatesOptions<Self> {
  /** The cache, or a function that finds it; the property `cache` of the object when left out. */
  readonly cache: CacheSource<Self>;
}

/**
 * Decorates a method that writes: `@invalidates('recruiters:*', 'recruiter:{arg1.id}')`. When it answers `Ok`, the
 * targets are invalidated before the caller hears of it; in a unit of work (an argument, the `uow` of an argument, or
 * the object's `uow`) with the commit, and not at all when that rolls back. An `Err` invalidates nothing.
 *
 * Targets are those of `cache.invalidate` with templates as texts, or functions `(self, ...args) => …` that answer them.
 * They are known before the method runs: `UnresolvedPlaceholder`, `UnknownFamily` and `Validation` mean that it did not.
 * A cache that cannot be told at the moment leaves the `Ok` as it is, and is told as soon as possible.
 *
 * For standard decorators and for `experimentalDecorators`. The last argument may be `{ cache }`.
 */
export function invalidates<Self, Args extends unknown[]>(
  ...targets: (TargetPolicy<[self: Self, ...args: Args]> | InvalidatesOptions<Self>)[]
): AsyncMethodDecorator<NoInfer<Self>, Args> {
  const cache = targets.findLast(isOptions)?.cache;
  const policies = targets.filter((target): target is TargetPolicy<[Self, ...Args]> => !isOptions(target));
  const found = targetsOf(policies, selfAndArgsOf<Self, Args>);
  return decorateMethod((call, proceed) => invalidating(found, cacheOf(cache, call.self), call, proceed));
}

const isOptions = <Self>(value: unknown): value is InvalidatesOptions<Self> =>
  typeof value === 'object' && value !== null && 'cache' in value;
