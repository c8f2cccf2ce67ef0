import { err, errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import type {
  Cache,
  CacheEntryOptions,
  CacheLoadOptions,
  CacheUnavailable,
  InvalidationTarget,
  TargetError,
} from '../../../src/application/ports/cache.ts';
import { settled } from '../../../src/infrastructure/transaction/run-transaction.ts';

interface Kept {
  readonly value: unknown;
  readonly anchors: readonly string[];
  readonly options: CacheEntryOptions;
}

/** As much of a cache as functions and methods that read through one can notice. */
export class DoubleCache implements Pick<
  Cache,
  'getOrLoad' | 'invalidate' | 'anchorsOf' | 'declareFamilies'
> {
  readonly kept = new Map<string, Kept>();
  readonly families = new Set<string>();
  readonly invalidated: string[] = [];
  unavailable = false;

  /** For what asks for a whole one. */
  get asCache(): Cache {
    return this as unknown as Cache;
  }

  getOrLoad<T, E>(
    key: string,
    load: () => PromiseLike<Result<T, E>>,
    { anchors = [], ...options }: CacheLoadOptions = {},
  ): ReturnType<typeof this.asCache.getOrLoad<T, E>> {
    const found = this.kept.get(key);
    if (found !== undefined && options.uow === undefined) return okAsync(found.value as T);
    return new ResultAsync(settled(load)).map((value) => {
      const absent = value === undefined || value === null;
      if (options.uow === undefined && (!absent || options.negativeTtlMs !== undefined))
        this.kept.set(key, { value, anchors: [`key:${key}`, ...anchors], options });
      return value;
    });
  }

  anchorsOf(
    targets: InvalidationTarget | readonly InvalidationTarget[],
  ): Result<readonly string[], TargetError> {
    const anchors: string[] = [];
    for (const target of [targets].flat() as readonly InvalidationTarget[]) {
      const family = familyIn(target);
      if (family !== undefined && !this.families.has(family)) return err({ type: 'UnknownFamily', family });
      if (family !== undefined) anchors.push(`family:${family}`);
      else if (typeof target === 'string') anchors.push(`key:${target}`);
      else if ('key' in target) anchors.push(`key:${target.key}`);
      else if ('anchor' in target) anchors.push(target.anchor);
    }
    return ok(anchors);
  }

  invalidate(
    targets: InvalidationTarget | readonly InvalidationTarget[],
  ): ResultAsync<void, CacheUnavailable | TargetError> {
    if (this.unavailable)
      return errAsync({ type: 'CacheUnavailable', operation: 'invalidate', retryable: true });
    return this.anchorsOf(targets)
      .map((anchors) => {
        this.invalidated.push(...anchors);
        for (const [key, { anchors: own }] of this.kept)
          if (own.some((anchor) => anchors.includes(anchor))) this.kept.delete(key);
      })
      .asyncMap(() => Promise.resolve());
  }

  declareFamilies(...families: readonly string[]): void {
    for (const family of families) this.families.add(family);
  }
}

function familyIn(target: InvalidationTarget): string | undefined {
  if (typeof target !== 'string') return 'family' in target ? target.family : undefined;
  return target.endsWith(':*') ? target.slice(0, -2) : undefined;
}
