import { ok, okAsync, ResultAsync } from 'neverthrow';
import type { Cache } from '../application/ports/cache.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { Instrumentation } from '../application/ports/instrumentation.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { OpenRateLimiter } from '../application/ports/rate-limiter.ts';
import type { StartupError } from '../application/ports/startup-error.ts';
import { AnchorTrust } from './cache/anchor-trust.ts';
import { cacheControl } from './cache/cache-control.ts';
import { newCacheCounters } from './cache/cache-counters.ts';
import { DEFAULT_MAX_ENTRIES } from './cache/limits.ts';
import { LoadGate } from './cache/load-gate.ts';
import { MemoryBuckets } from './cache/memory-buckets.ts';
import { ReadThrough } from './cache/read-through.ts';
import { openRedis } from './cache/redis/open-redis.ts';
import { pingNodes } from './cache/redis/ping-nodes.ts';
import { openPayloads } from './cache/values/payloads.ts';
import type { CacheOptions } from './config/options.ts';
import { parseCache } from './config/parse-options.ts';
import { systemClock } from './config/system-clock.ts';
import { HostCache } from './host-cache/host-cache.ts';
import { memoryCache } from './host-cache/memory-cache.ts';
import { sdkLogger } from './observability/logs/sdk-logger.ts';
import { signalsOf } from './observability/signals.ts';
import { openRateLimiter } from './rate-limits/open-rate-limiter.ts';

/** A cache without a database. */
export interface StandaloneCache extends Cache, AsyncDisposable {
  /** Limits what the host lets people do, by key: a Telegram id, an address, a token. */
  readonly rateLimiter: OpenRateLimiter;
  /** Ends its connections; calling it again does nothing. */
  close(): Promise<void>;
}

export interface StandaloneCacheOptions extends Omit<
  CacheOptions,
  'notify' | 'strict' | 'ttl' | 'warmOnStart'
> {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly instrumentation?: Instrumentation;
}

/**
 * Opens a cache of the host's own entries that needs no database: in Redis, with memory in front, or in this process
 * alone. Processes that name the same Redis and prefix share it, also with the `cache` of an SDK there.
 *
 * Nothing outlives an outage on its own here: what could not be told is an `Err`, and is not told later. Answers a
 * `StartupError` when an option is wrong or an optional package is missing; a Redis that is away is no error.
 */
export function createCache(
  options: StandaloneCacheOptions = {},
): ResultAsync<StandaloneCache, StartupError> {
  const { clock = systemClock, logger: host, instrumentation, ...cacheOptions } = options;
  const logger = sdkLogger(host);
  const signals = signalsOf(instrumentation);
  const { families = [] } = cacheOptions;
  const opened = parseCache(cacheOptions).asyncAndThen((parsed) => {
    if (parsed === false || parsed.redis === undefined) {
      const maxEntries = parsed === false || parsed.l1 === false ? 0 : parsed.l1?.maxEntries;
      const { cache } = memoryCache(maxEntries ?? DEFAULT_MAX_ENTRIES, signals, logger);
      return okAsync(closable(cache, openRateLimiter(new MemoryBuckets(clock), clock), () => undefined));
    }
    const { redis } = parsed;
    return openPayloads(parsed).andThen((payloads) => {
      const counters = newCacheCounters();
      const maxEntries = parsed.l1 === false ? false : (parsed.l1?.maxEntries ?? DEFAULT_MAX_ENTRIES);
      const { nodes, reach, store, memory, buckets } = openRedis(redis, parsed, maxEntries, {
        payloads,
        counters,
        clock,
        logger,
        signals,
        recover: () => Promise.resolve(true),
      });
      const readThrough = new ReadThrough({
        store,
        trust: new AnchorTrust(),
        counters,
        signals,
        gate: new LoadGate(Number.POSITIVE_INFINITY, 0),
      });
      const cache = new HostCache({
        readThrough,
        store,
        control: cacheControl(readThrough, counters, () => ({
          state: reach() === true ? 'up' : 'degraded',
          memory: memory === undefined ? 'off' : memory.trusted ? 'up' : 'untrusted',
          l1Entries: memory?.size ?? 0,
        })),
        tellOthers: () => Promise.resolve(true),
        tell: (anchors) => store.bump(anchors),
        ping: () => pingNodes(nodes, parsed.invalidationTimeoutMs),
        logger,
      });
      const started = nodes.start(parsed.invalidationTimeoutMs);
      const limiter = openRateLimiter(buckets, clock);
      return new ResultAsync(started.then(() => ok(closable(cache, limiter, () => nodes.stop()))));
    });
  });
  return opened.andTee((cache) => cache.declareFamilies(...families));
}

const closable = (cache: HostCache, rateLimiter: OpenRateLimiter, close: () => void): StandaloneCache =>
  Object.assign(cache, {
    rateLimiter,
    close: () => Promise.resolve(close()),
    [Symbol.asyncDispose]: () => Promise.resolve(close()),
  });
