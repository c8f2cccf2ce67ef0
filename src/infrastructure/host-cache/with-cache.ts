import type { Cache } from '../../application/ports/cache.ts';
import { argsOf } from './call.ts';
import { surrounded, type AnswersResult, type AnyMethod, type Around } from './decorate-method.ts';
import { invalidating } from './invalidating.ts';
import { cachedRead, type ReadPolicy } from './read-policy.ts';
import { targetsOf, type TargetPolicy } from './target-policy.ts';

type AsyncMethodName<R> = {
  [Name in keyof R]: R[Name] extends AnyMethod ? (AnswersResult<R[Name]> extends true ? Name : never) : never;
}[keyof R] &
  string;

type ArgsOf<Method> = Method extends (...args: infer Args) => unknown ? Args : never;

/** Which methods of a repository are read through the cache, and which invalidate what. */
export type RepositoryPolicy<R> = {
  readonly cache: Cache;
  /** By method, what an `Ok` of it makes invalid. */
  readonly invalidates?: {
    readonly [Name in AsyncMethodName<R>]?:
      | TargetPolicy<ArgsOf<R[Name]>>
      | readonly TargetPolicy<ArgsOf<R[Name]>>[];
  };
} & {
  readonly [Name in Exclude<AsyncMethodName<R>, 'cache' | 'invalidates'>]?: ReadPolicy<ArgsOf<R[Name]>>;
};

/**
 * Puts the cache in front of a repository: `withCache(jobs, { cache, find: { key: 'job:{arg1}', ttl }, invalidates: {
 * save: (job) => ['jobs:*', `job:${job.id}`] } })`. Answers an object with the same methods; those the policy names are
 * read through the cache or invalidate, as `@cached` and `@invalidates` do it, and all of them work on the repository
 * itself, whose calls among its own methods pass the cache by.
 *
 * Throws a `TypeError` when the policy names something that is no method.
 */
export function withCache<R extends object>(repository: R, policy: RepositoryPolicy<R>): R {
  const arounds = aroundsOf(policy);
  const names = new Set([...propertyNames(repository), ...arounds.keys()]);
  const entries = [...names].map((name) => [name, propertyFor(repository, name, arounds.get(name))] as const);
  return Object.create(Object.getPrototypeOf(repository), Object.fromEntries(entries)) as R;
}

type AnyArgs = unknown[];

function aroundsOf<R>(policy: RepositoryPolicy<R>): ReadonlyMap<PropertyKey, Around> {
  const { cache, invalidates = {}, ...reads } = policy as RepositoryPolicy<unknown>;
  const reading = Object.entries(reads as Readonly<Record<string, ReadPolicy<AnyArgs>>>).map(
    ([name, readPolicy]): readonly [string, Around] => {
      cache.declareFamilies(...(readPolicy.families ?? []));
      const read = cachedRead(readPolicy, argsOf);
      return [name, (call, proceed) => read(cache, call, proceed)];
    },
  );
  const writing = Object.entries(
    invalidates as Readonly<Record<string, TargetPolicy<AnyArgs> | readonly TargetPolicy<AnyArgs>[]>>,
  ).map(([name, targets]): readonly [string, Around] => {
    const found = targetsOf([targets].flat() as readonly TargetPolicy<AnyArgs>[], argsOf);
    return [name, (call, proceed) => invalidating(found, cache, call, proceed)];
  });
  return new Map([...reading, ...writing]);
}

/** Of the object and of the classes it is made by. */
function propertyNames(object: object): readonly PropertyKey[] {
  const names: PropertyKey[] = [];
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    names.push(...Reflect.ownKeys(at));
  return names.filter((name) => name !== 'constructor');
}

/** Private fields are on the repository itself, so everything has to happen on it. */
function propertyFor(repository: object, name: PropertyKey, around: Around | undefined): PropertyDescriptor {
  const value: unknown = Reflect.get(repository, name);
  if (around === undefined && typeof value !== 'function')
    return {
      get: (): unknown => Reflect.get(repository, name),
      set: (changed: unknown) => Reflect.set(repository, name, changed),
      enumerable: true,
      configurable: true,
    };
  if (typeof value !== 'function') throw new TypeError(`${String(name)} is no method of the repository`);
  const method = around === undefined ? value : surrounded(value as Parameters<typeof surrounded>[0], around);
  return { value: method.bind(repository), writable: true, configurable: true };
}
