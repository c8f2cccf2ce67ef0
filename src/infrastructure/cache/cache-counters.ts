import type { CacheStats } from '../../application/ports/cache-control.ts';

type Counted = Omit<CacheStats, 'state' | 'hitRate'>;

/** What the parts of the cache count, each in its place; read by `cache.stats()`. */
export type CacheCounters = { -readonly [Name in keyof Counted]: number };

export const newCacheCounters = (): CacheCounters => ({
  l1Hits: 0,
  l2Hits: 0,
  misses: 0,
  bypassed: 0,
  loads: 0,
  sharedLoads: 0,
  fills: 0,
  failedFills: 0,
  undecodable: 0,
  bumps: 0,
  deferredCommits: 0,
  failures: 0,
  breakerOpened: 0,
});

export function summarize(counters: CacheCounters, state: CacheStats['state']): CacheStats {
  const hits = counters.l1Hits + counters.l2Hits;
  const reads = hits + counters.misses + counters.bypassed;
  return { state, ...counters, hitRate: reads === 0 ? 0 : hits / reads };
}
