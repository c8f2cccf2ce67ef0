import type { Cache } from '../../application/ports/cache.ts';

/** The cache itself, or where an object has it; its property `cache` when left out. */
export type CacheSource<Self> = Cache | ((self: Self) => Cache);

/** Throws a `TypeError` when there is none: what is said to be cached must not silently be not. */
export function cacheOf(source: CacheSource<never> | undefined, self: unknown): Cache {
  const found: unknown =
    source === undefined
      ? (self as { readonly cache?: unknown } | null | undefined)?.cache
      : typeof source === 'function'
        ? source(self as never)
        : source;
  if (typeof (found as Partial<Cache> | null | undefined)?.getOrLoad === 'function') return found as Cache;
  throw new TypeError('no cache: give the option `cache`, or the object a property `cache`');
}
