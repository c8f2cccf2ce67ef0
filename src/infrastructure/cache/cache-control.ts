import type { CacheControl } from '../../application/ports/cache-control.ts';
import { summarize, type CacheCounters, type Present } from './cache-counters.ts';
import type { ReadThrough } from './read-through.ts';

/** The switch and the numbers of a cache. */
export const cacheControl = (
  readThrough: ReadThrough,
  counters: CacheCounters,
  present: () => Present,
): CacheControl => ({
  get enabled() {
    return readThrough.enabled;
  },
  enable() {
    readThrough.enabled = true;
  },
  disable() {
    readThrough.enabled = false;
  },
  stats: () =>
    summarize(counters, readThrough.enabled ? present() : { ...present(), state: 'off', memory: 'off' }),
});
