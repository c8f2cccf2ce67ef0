import type { Logger } from '../../application/ports/logger.ts';
import { AnchorTrust } from '../cache/anchor-trust.ts';
import { cacheControl } from '../cache/cache-control.ts';
import { newCacheCounters } from '../cache/cache-counters.ts';
import { LoadGate } from '../cache/load-gate.ts';
import { MemoryStore } from '../cache/memory-store.ts';
import { ReadThrough } from '../cache/read-through.ts';
import type { Signals } from '../observability/signals.ts';
import { HostCache } from './host-cache.ts';

/** A cache of the host's own entries in this process, and the memory it is kept in. */
export function memoryCache(
  maxEntries: number,
  signals: Signals,
  logger: Logger,
): { readonly cache: HostCache; readonly store: MemoryStore } {
  const counters = newCacheCounters();
  const store = new MemoryStore(maxEntries, counters);
  const gate = new LoadGate(Number.POSITIVE_INFINITY, 0);
  const readThrough = new ReadThrough({ store, trust: new AnchorTrust(), counters, signals, gate });
  const control = cacheControl(readThrough, counters, () => ({
    state: 'up',
    memory: 'up',
    l1Entries: store.size,
  }));
  const cache = new HostCache({
    readThrough,
    store,
    control,
    tellOthers: () => Promise.resolve(true),
    tell: (anchors) => store.bump(anchors),
    ping: () => Promise.resolve(0),
    logger,
  });
  return { cache, store };
}
