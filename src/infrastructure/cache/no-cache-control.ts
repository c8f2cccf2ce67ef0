import type { CacheControl } from '../../application/ports/cache-control.ts';
import { newCacheCounters, summarize } from './cache-counters.ts';

const nothing = (): void => undefined;

/** Control of a cache that is not there: it cannot be switched on. */
export const noCacheControl: CacheControl = {
  enabled: false,
  enable: nothing,
  disable: nothing,
  stats: () => summarize(newCacheCounters(), { state: 'off', memory: 'off', l1Entries: 0 }),
};
