import { randomUUID } from 'node:crypto';
import { okAsync, type ResultAsync } from 'neverthrow';
import { cachePolicies } from '../application/caching/cache-policies.ts';
import type { CacheControl } from '../application/ports/cache-control.ts';
import type { CacheInspection } from '../application/ports/cache-inspection.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { ComponentHealth } from '../application/ports/health.ts';
import type { Invalidation, InvalidationOutbox } from '../application/ports/invalidation.ts';
import type { Logger } from '../application/ports/logger.ts';
import { AnchorTrust } from './cache/anchor-trust.ts';
import { nobodyElse, type Backplane } from './cache/backplane.ts';
import { cacheControl } from './cache/cache-control.ts';
import { newCacheCounters, type CacheCounters } from './cache/cache-counters.ts';
import { InProcessInvalidation, noCache, SharedInvalidation } from './cache/cache-invalidation.ts';
import { ConsistencyMeter } from './cache/consistency-meter.ts';
import { InvalidationRelay } from './cache/invalidation-relay.ts';
import { DEFAULT_MAX_ENTRIES } from './cache/limits.ts';
import { LoadGate } from './cache/load-gate.ts';
import { MemoryBuckets } from './cache/memory-buckets.ts';
import { MemoryStore } from './cache/memory-store.ts';
import { noStore } from './cache/no-store.ts';
import { noCacheControl } from './cache/no-cache-control.ts';
import { nothingToInspect } from './cache/nothing-to-inspect.ts';
import { OutboxExpiry } from './cache/outbox-expiry.ts';
import { ReadThrough } from './cache/read-through.ts';
import { pingNodes } from './cache/redis/ping-nodes.ts';
import { openRedis } from './cache/redis/open-redis.ts';
import type { RedisTarget } from './cache/redis/redis-target.ts';
import type { ServerFacts } from './cache/redis/server-facts.ts';
import { openPayloads, type Payloads } from './cache/values/payloads.ts';
import type { VersionedStore } from './cache/versioned-store.ts';
import type { MissingPackage } from './config/errors.ts';
import type { ParsedCache, ParsedDatabase } from './config/parse-options.ts';
import type { Signals } from './observability/signals.ts';
import type { DirectClient } from './persistence/direct-client.ts';
import { NotificationListener } from './persistence/notification-listener.ts';
import type { Buckets } from './rate-limits/leaky-bucket.ts';
import {
  CachedRepositories,
  withoutCache,
  type CacheableRepositories,
  type RepositoryCaching,
} from './repositories/cached-repositories.ts';

/** What the host's own entries are kept by. */
export interface Engine {
  readonly readThrough: ReadThrough;
  readonly store: VersionedStore;
  /** Where processes have memories of their own, which only the database can tell of a change: who is told as whom. */
  readonly announcedBy: string | undefined;
  readonly ping: () => Promise<number | undefined>;
}

/** The cache side of a backend. */
export interface CacheParts {
  readonly caching: RepositoryCaching;
  readonly engine: Engine;
  readonly invalidation: Invalidation;
  readonly control: CacheControl;
  readonly inspection: CacheInspection;
  /** What rate limiters count in. */
  readonly buckets: Buckets;
  /** The servers it is kept on; absent where it is kept on none. */
  readonly servers?: () => readonly ServerFacts[];
  /** Resolves when what has been loaded up to now is where others find it, or could not be stored. */
  filled(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): Promise<ComponentHealth>;
}

interface Surroundings {
  readonly database: ParsedDatabase;
  readonly outside: CacheableRepositories;
  readonly outbox: InvalidationOutbox;
  /** A connection for listening; absent where none can be made. */
  readonly listen?: (() => DirectClient) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Signals;
  /** Puts something between the engine and its store; only tests do. */
  readonly wrapStore: (store: VersionedStore) => VersionedStore;
}

/** Only the embedded database is certain to have no other process on it that could have a cache of its own. */
const othersMayExist = ({ database }: Surroundings): boolean => database.kind !== 'embedded';

/** Redis when it is configured; otherwise this process's memory where that is safe or asked for; otherwise nothing. */
export function composeCache(
  options: false | ParsedCache,
  around: Surroundings,
): ResultAsync<CacheParts, MissingPackage> {
  const expiry = new OutboxExpiry(around.outbox);
  return cacheFor(options, around).map((parts) => ({
    ...parts,
    async filled() {
      await parts.filled?.();
    },
    async start() {
      await parts.start?.();
      expiry.start();
    },
    async stop() {
      expiry.stop();
      await parts.stop?.();
    },
  }));
}

type Parts = Omit<CacheParts, Optional> & Partial<Pick<CacheParts, Optional>>;

/** What only some caches have to do. */
type Optional = 'start' | 'stop' | 'filled';

function cacheFor(options: false | ParsedCache, around: Surroundings): ResultAsync<Parts, MissingPackage> {
  if (options === false) return okAsync(uncached(around, announcer(undefined, around)));
  const { redis } = options;
  if (redis !== undefined)
    return openPayloads(options).map((payloads) => shared(redis, options, payloads, around));
  return okAsync(withoutRedis(options, around));
}

/** Memory alone is right where nobody else writes, where everybody tells, or where the host says that it is. */
function withoutRedis(options: ParsedCache, around: Surroundings): Parts {
  const announcedBy = announcer(options.notify, around);
  if (options.l1 === false) return uncached(around, announcedBy);
  const maxEntries = options.l1?.maxEntries ?? DEFAULT_MAX_ENTRIES;
  if (!othersMayExist(around)) return ownMemory(options, maxEntries, undefined, around);
  if (announcedBy !== undefined && around.listen !== undefined)
    return toldMemory(options, maxEntries, announcedBy, around.listen, around);
  return options.l1 === undefined
    ? uncached(around, announcedBy)
    : ownMemory(options, maxEntries, announcedBy, around);
}

/** Without Redis, a process tells those that listen, also when it has no cache itself. */
const announcer = (notify: boolean | undefined, around: Surroundings): string | undefined =>
  othersMayExist(around) && notify !== false ? randomUUID() : undefined;

const uncached = (around: Surroundings, announcedBy: string | undefined): Parts => ({
  caching: withoutCache(around.outside),
  engine: uncachedEngine(around, announcedBy),
  invalidation: noCache(othersMayExist(around), announcedBy),
  control: noCacheControl,
  inspection: nothingToInspect,
  buckets: new MemoryBuckets(around.clock),
  health: () => Promise.resolve({ status: 'up', detail: 'no cache is configured' }),
});

/** Loads whatever is asked for. */
function uncachedEngine(around: Surroundings, announcedBy: string | undefined): Engine {
  const store = noStore();
  const { database, signals } = around;
  const readThrough = new ReadThrough({
    store,
    trust: new AnchorTrust(),
    counters: newCacheCounters(),
    signals,
    gate: new LoadGate(Number.POSITIVE_INFINITY, database.acquireTimeoutMs),
  });
  return { readThrough, store, announcedBy, ping: atOnce };
}

const atOnce = (): Promise<number> => Promise.resolve(0);

/** Nobody else changes anything. */
function ownMemory(
  options: ParsedCache,
  maxEntries: number,
  announcedBy: string | undefined,
  around: Surroundings,
): Parts {
  return memoryParts(options, maxEntries, nobodyElse, announcedBy, around).parts;
}

/** Other processes tell what they change through the database. */
function toldMemory(
  options: ParsedCache,
  maxEntries: number,
  self: string,
  listen: () => DirectClient,
  around: Surroundings,
): Parts {
  const backplane: Backplane = {
    get trustedUntil() {
      return listener.trustedUntil;
    },
    late: () => listener.late(),
  };
  const { parts, memory, counters } = memoryParts(options, maxEntries, backplane, self, around);
  const listener = new NotificationListener({
    open: listen,
    schema: around.database.schema,
    self,
    onAnchors: (anchors) => {
      counters.announcements += anchors.length;
      memory.raise(anchors);
    },
    onLost: () => {
      counters.announcementsLost += 1;
      memory.clear();
    },
    logger: around.logger,
  });
  return {
    ...parts,
    start: () => listener.start(),
    stop: () => listener.stop(),
  };
}

function memoryParts(
  options: ParsedCache,
  maxEntries: number,
  backplane: Backplane,
  announcedBy: string | undefined,
  around: Surroundings,
) {
  const counters = newCacheCounters();
  const memory = new MemoryStore(maxEntries, counters, backplane);
  const store = around.wrapStore(memory);
  const trust = new AnchorTrust();
  const { caching, readThrough } = readThroughFor(store, trust, counters, options, around);
  const trusted = (): boolean => performance.now() < backplane.trustedUntil;
  const parts: Parts = {
    caching,
    engine: { readThrough, store, announcedBy, ping: atOnce },
    invalidation: new InProcessInvalidation(store, trust, othersMayExist(around), announcedBy),
    control: cacheControl(readThrough, counters, () => ({
      state: trusted() ? 'up' : 'degraded',
      memory: trusted() ? 'up' : 'untrusted',
      l1Entries: memory.size,
    })),
    inspection: nothingToInspect,
    buckets: new MemoryBuckets(around.clock),
    health: () =>
      Promise.resolve(
        trusted()
          ? { status: 'up', detail: 'in this process' }
          : { status: 'degraded', detail: 'what other processes change is not heard of at the moment' },
      ),
  };
  return { parts, memory, counters };
}

function shared(redis: RedisTarget, options: ParsedCache, payloads: Payloads, around: Surroundings): Parts {
  const counters = newCacheCounters();
  const trust = new AnchorTrust();
  const { outbox, logger, clock, signals } = around;
  const { strict } = options;
  // A mark keeps readers away from Redis, not from the memory of other processes.
  const maxEntries = strict || options.l1 === false ? false : (options.l1?.maxEntries ?? DEFAULT_MAX_ENTRIES);
  const opened = openRedis(redis, options, maxEntries, {
    payloads,
    counters,
    clock,
    logger,
    signals,
    recover: (concerns) => relay.drain(concerns),
  });
  const { nodes, reach, memory, inspection, buckets, servers, filled } = opened;
  const store = around.wrapStore(opened.store);
  const reachable = (): boolean => reach() !== false;
  const relay = new InvalidationRelay({
    outbox,
    bump: (anchors) => store.bump(anchors),
    reach,
    trust,
    logger,
  });
  const { caching, readThrough } = readThroughFor(store, trust, counters, options, around);
  const announcedBy = options.notify === true ? randomUUID() : undefined;
  const ping = () => pingNodes(nodes, options.invalidationTimeoutMs);
  return {
    caching,
    engine: { readThrough, store, announcedBy: undefined, ping },
    invalidation: new SharedInvalidation({ store, reachable, relay, trust, counters, strict, announcedBy }),
    control: cacheControl(readThrough, counters, () => ({
      state: reach() === true ? 'up' : 'degraded',
      memory: memory === undefined ? 'off' : memory.trusted ? 'up' : 'untrusted',
      l1Entries: memory?.size ?? 0,
    })),
    inspection,
    buckets,
    servers,
    filled,
    async start() {
      await nodes.start(options.invalidationTimeoutMs);
      relay.start();
    },
    async stop() {
      await relay.stop();
      nodes.stop();
    },
    async health() {
      if (!reachable())
        return { status: 'degraded', detail: 'Redis is not in use; reads go to the database' };
      if (reach() !== true)
        return { status: 'degraded', detail: 'a part of the Redis Cluster is not in use; the rest is' };
      const latencyMs = await ping();
      return latencyMs === undefined
        ? { status: 'degraded', detail: 'Redis does not answer' }
        : { status: 'up', latencyMs };
    },
  };
}

function readThroughFor(
  store: VersionedStore,
  trust: AnchorTrust,
  counters: CacheCounters,
  options: ParsedCache,
  { database, outside, clock, signals }: Surroundings,
): { caching: RepositoryCaching; readThrough: ReadThrough } {
  const readThrough = new ReadThrough({
    store,
    trust,
    counters,
    signals,
    gate: new LoadGate(options.maxLoads, database.acquireTimeoutMs),
    meter:
      options.consistencyCheck === 0
        ? undefined
        : new ConsistencyMeter(options.consistencyCheck, store, counters),
  });
  const policies = cachePolicies(options.ttl);
  return { readThrough, caching: new CachedRepositories(readThrough, trust, policies, clock, outside) };
}
