import { cachePolicies } from '../application/caching/cache-policies.ts';
import type { CacheControl, CacheStats } from '../application/ports/cache-control.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { ComponentHealth } from '../application/ports/health.ts';
import type { Instrumentation } from '../application/ports/instrumentation.ts';
import type { Invalidation, InvalidationOutbox } from '../application/ports/invalidation.ts';
import type { Logger } from '../application/ports/logger.ts';
import { AnchorTrust } from './cache/anchor-trust.ts';
import { newCacheCounters, summarize, type CacheCounters } from './cache/cache-counters.ts';
import { InProcessInvalidation, noCache, SharedInvalidation } from './cache/cache-invalidation.ts';
import { InvalidationRelay } from './cache/invalidation-relay.ts';
import { MemoryStore } from './cache/memory-store.ts';
import { noCacheControl } from './cache/no-cache-control.ts';
import { OutboxExpiry } from './cache/outbox-expiry.ts';
import { ReadThrough } from './cache/read-through.ts';
import { openRedis } from './cache/redis/open-redis.ts';
import type { VersionedStore } from './cache/versioned-store.ts';
import type { ParsedCache, ParsedDatabase } from './config/parse-options.ts';
import {
  CachedRepositories,
  withoutCache,
  type CacheableRepositories,
  type RepositoryCaching,
} from './repositories/cached-repositories.ts';

/** The cache side of a backend. */
export interface CacheParts {
  readonly caching: RepositoryCaching;
  readonly invalidation: Invalidation;
  readonly control: CacheControl;
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): Promise<ComponentHealth>;
}

interface Surroundings {
  readonly database: ParsedDatabase['kind'];
  readonly outside: CacheableRepositories;
  readonly outbox: InvalidationOutbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrumentation: Instrumentation;
  /** Puts something between the engine and its store; only tests do. */
  readonly wrapStore?: ((store: VersionedStore) => VersionedStore) | undefined;
}

/** Only the embedded database is certain to have no other process on it that could have a cache of its own. */
const othersMayExist = ({ database }: Surroundings): boolean => database !== 'embedded';

const DEFAULT_MAX_ENTRIES = 10_000;

/** Redis when it is configured; otherwise this process's memory where that is safe or asked for; otherwise nothing. */
export function composeCache(options: false | ParsedCache, around: Surroundings): CacheParts {
  const expiry = new OutboxExpiry(around.outbox);
  const parts = cacheFor(options, around);
  return {
    ...parts,
    async start() {
      await parts.start?.();
      expiry.start();
    },
    async stop() {
      expiry.stop();
      await parts.stop?.();
    },
  };
}

type Parts = Omit<CacheParts, 'start' | 'stop'> & Partial<Pick<CacheParts, 'start' | 'stop'>>;

function cacheFor(options: false | ParsedCache, around: Surroundings): Parts {
  if (options === false) return uncached(around);
  if (options.url !== undefined || options.client !== undefined) return shared(options, around);
  if (options.l1 === false || (options.l1 === undefined && othersMayExist(around))) return uncached(around);
  return ownMemory(options, options.l1?.maxEntries ?? DEFAULT_MAX_ENTRIES, around);
}

const uncached = (around: Surroundings): Parts => ({
  caching: withoutCache(around.outside),
  invalidation: noCache(othersMayExist(around)),
  control: noCacheControl,
  health: () => Promise.resolve({ status: 'up', detail: 'no cache is configured' }),
});

function ownMemory(options: ParsedCache, maxEntries: number, around: Surroundings): Parts {
  const counters = newCacheCounters();
  const store = new MemoryStore(maxEntries, counters);
  const trust = new AnchorTrust();
  const { caching, readThrough } = readThroughFor(store, trust, counters, options, around);
  return {
    caching,
    invalidation: new InProcessInvalidation(store, trust, othersMayExist(around)),
    control: controlOf(readThrough, counters, () => 'up'),
    health: () => Promise.resolve({ status: 'up', detail: 'in this process' }),
  };
}

function shared(options: ParsedCache, around: Surroundings): Parts {
  if (options.l1 !== undefined && options.l1 !== false)
    around.logger.info({}, 'cache.l1 has no effect beside Redis: entries are kept in Redis alone');
  const counters = newCacheCounters();
  const trust = new AnchorTrust();
  const { outbox, logger } = around;
  const { link, store } = openRedis(options, counters, around, () => relay.drain());
  const reachable = (): boolean => link.server !== undefined;
  const relay = new InvalidationRelay({
    outbox,
    bump: (anchors) => store.bump(anchors),
    reachable,
    trust,
    logger,
  });
  const { caching, readThrough } = readThroughFor(store, trust, counters, options, around);
  return {
    caching,
    invalidation: new SharedInvalidation(store, reachable, relay, trust, counters),
    control: controlOf(readThrough, counters, () => (reachable() ? 'up' : 'degraded')),
    async start() {
      await link.start(options.invalidationTimeoutMs);
      relay.start();
    },
    async stop() {
      await relay.stop();
      link.stop();
    },
    async health() {
      if (!reachable())
        return { status: 'degraded', detail: 'Redis is not in use; reads go to the database' };
      const startedAt = performance.now();
      const pong = await link.send(options.invalidationTimeoutMs, (client) => client.ping());
      return pong === undefined
        ? { status: 'degraded', detail: 'Redis does not answer' }
        : { status: 'up', latencyMs: performance.now() - startedAt };
    },
  };
}

function readThroughFor(
  store: VersionedStore,
  trust: AnchorTrust,
  counters: CacheCounters,
  options: ParsedCache,
  { outside, clock, instrumentation, wrapStore = (unwrapped) => unwrapped }: Surroundings,
): { caching: RepositoryCaching; readThrough: ReadThrough } {
  const readThrough = new ReadThrough({ store: wrapStore(store), trust, counters, instrumentation });
  const policies = cachePolicies(options.ttl);
  return { readThrough, caching: new CachedRepositories(readThrough, trust, policies, clock, outside) };
}

const controlOf = (
  readThrough: ReadThrough,
  counters: CacheCounters,
  state: () => CacheStats['state'],
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
  stats: () => summarize(counters, readThrough.enabled ? state() : 'off'),
});
