import type { CacheStats } from '../../application/ports/cache-control.ts';

type Counted = Omit<CacheStats, 'state' | 'memory' | 'hitRate' | 'l1Entries'>;

/** What the parts of the cache count, each in its place; read by `cache.stats()`. */
export type CacheCounters = { -readonly [Name in keyof Counted]: number };

export const newCacheCounters = (): CacheCounters => ({
  l1Hits: 0,
  l2Hits: 0,
  negativeHits: 0,
  staleServed: 0,
  misses: 0,
  bypassed: 0,
  loads: 0,
  sharedLoads: 0,
  failedLoads: 0,
  earlyRefreshes: 0,
  lockWaits: 0,
  fills: 0,
  failedFills: 0,
  undecodable: 0,
  bumps: 0,
  deferredCommits: 0,
  failures: 0,
  breakerOpened: 0,
  announcements: 0,
  announcementsLost: 0,
  checkedHits: 0,
  staleReads: 0,
  oldestStaleMs: 0,
});

/** What is not counted but looked at. */
export type Present = Pick<CacheStats, 'state' | 'memory' | 'l1Entries'>;

export function summarize(counters: CacheCounters, present: Present): CacheStats {
  const hits = counters.l1Hits + counters.l2Hits + counters.staleServed;
  const reads = hits + counters.misses + counters.bypassed;
  return { ...present, ...counters, hitRate: reads === 0 ? 0 : hits / reads };
}
