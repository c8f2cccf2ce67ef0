import type { Redis } from 'ioredis';
import type { Anchor } from '../../../application/caching/anchors.ts';
import type { CacheInspection } from '../../../application/ports/cache-inspection.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { Signals } from '../../observability/signals.ts';
import type { Buckets } from '../../rate-limits/leaky-bucket.ts';
import type { CacheCounters } from '../cache-counters.ts';
import type { Reach } from '../invalidation-relay.ts';
import { PROBE_GROWTH } from '../limits.ts';
import { TieredStore } from '../tiered-store.ts';
import type { Payloads } from '../values/payloads.ts';
import type { VersionedStore } from '../versioned-store.ts';
import { Announcements } from './announcements.ts';
import { openNodes, type NodeClient } from './open-nodes.ts';
import { RedisBackplane } from './redis-backplane.ts';
import { anotherConnection, listeningConnection } from './redis-client.ts';
import { inspectRedis } from './inspect-redis.ts';
import { RedisBuckets } from './redis-buckets.ts';
import { RedisKeys } from './redis-keys.ts';
import { RedisLink } from './redis-link.ts';
import { RedisNode } from './redis-node.ts';
import type { RedisNodes } from './redis-nodes.ts';
import { RedisStore } from './redis-store.ts';
import type { ConnectionSettings, RedisTarget } from './redis-target.ts';
import { factsOf, type ServerFacts } from './server-facts.ts';

export interface RedisConnectionOptions extends ConnectionSettings {
  readonly connections: number;
  readonly maxInFlight?: number | undefined;
  readonly pingIntervalMs: number;
  readonly prefix: string;
  readonly commandTimeoutMs: number;
  readonly invalidationTimeoutMs: number;
  readonly breaker: { readonly failures: number; readonly probeIntervalMs: number };
}

interface Surroundings {
  readonly payloads: Payloads;
  readonly counters: CacheCounters;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Pick<Signals, 'breaker'>;
  /** Runs before a server is believed, the first time and after every time it was not; for its own anchors, if others have some. */
  readonly recover: (concerns?: (anchor: Anchor) => boolean) => Promise<boolean>;
}

export interface OpenRedis {
  readonly nodes: RedisNodes;
  readonly reach: () => Reach;
  readonly store: VersionedStore;
  readonly inspection: CacheInspection;
  readonly buckets: Buckets;
  /** The masters that are known at this moment. */
  readonly servers: () => readonly ServerFacts[];
  /** Resolves when what has been loaded up to now is stored, or could not be. */
  readonly filled: () => Promise<void>;
  /** The memory in front of it, if there is one. */
  readonly memory: { readonly size: number; readonly trusted: boolean } | undefined;
}

/**
 * A store on Redis; nothing is sent before the nodes are started.
 *
 * @param maxEntries of the memory in front of it; `false` for none
 */
export function openRedis(
  target: RedisTarget,
  options: RedisConnectionOptions,
  maxEntries: number | false,
  around: Surroundings,
): OpenRedis {
  const { counters, clock, logger, payloads, recover, signals } = around;
  const { commandTimeoutMs, invalidationTimeoutMs, breaker } = options;
  const keys = new RedisKeys(options.prefix);
  const listens = maxEntries !== false && canListen(target);

  const openLink = ({ client, owned }: NodeClient, recoverServer: () => Promise<boolean>): RedisLink =>
    new RedisLink({
      client,
      owned,
      commandTimeoutMs,
      slowTimeoutMs: invalidationTimeoutMs,
      breakerFailures: breaker.failures,
      probeIntervalMs: breaker.probeIntervalMs,
      maxProbeIntervalMs: breaker.probeIntervalMs * PROBE_GROWTH,
      maxInFlight: options.maxInFlight ?? Number.POSITIVE_INFINITY,
      pingIntervalMs: options.pingIntervalMs,
      recover: recoverServer,
      onDown: forget,
      breaker: signals.breaker,
      onMoved: () => nodes.moved(),
      onServer: ({ isClustered }) => {
        if (isClustered && target.kind !== 'cluster') warnOfCluster();
      },
      counters,
      logger,
    });

  const openAnnouncements = (client: Redis): Announcements =>
    new Announcements({
      client: listeningConnection(client, options),
      keys,
      onVersion: (anchor, version) => {
        counters.announcements += 1;
        memory?.announce(anchor, version);
      },
      onLost: () => {
        counters.announcementsLost += 1;
        forget();
        for (const node of nodes.nodes) node.recheck();
      },
      logger,
    });

  let warned = false;
  const warnOfCluster = (): void => {
    if (!warned)
      logger.warn(
        {},
        'this server is one of a Redis Cluster and holds only a part of the keys: the rest is not cached; name the Cluster in cache.cluster',
      );
    warned = true;
  };

  const openNode = (first: NodeClient): RedisNode => {
    const recoverServer = (): Promise<boolean> =>
      target.kind === 'cluster' ? recover((anchor) => nodeOf(anchor) === node) : recover();
    // Used only together with the first, which has recovered what there is.
    const more = Array.from({ length: options.connections - 1 }, () =>
      openLink({ client: anotherConnection(first.client, options), owned: true }, () =>
        Promise.resolve(true),
      ),
    );
    const node = new RedisNode(
      [openLink(first, recoverServer), ...more],
      listens ? openAnnouncements(first.client) : undefined,
    );
    return node;
  };

  const forget = (): void => memory?.clear();
  const nodes: RedisNodes = openNodes(target, options, { openNode, onChange: forget, logger });
  const reach = (): Reach => {
    const up = nodes.nodes.filter(({ isUp }) => isUp);
    if (up.length === 0) return false;
    return nodes.complete && up.length === nodes.nodes.length
      ? true
      : (anchor) => nodeOf(anchor)?.isUp === true;
  };
  const nodeOf = (anchor: Anchor): RedisNode | undefined => nodes.nodeOf(nodes.slotOf(keys.version(anchor)));
  const shared = new RedisStore({
    nodes,
    keys,
    payloads,
    commandTimeoutMs,
    bumpTimeoutMs: invalidationTimeoutMs,
    counters,
    clock,
  });
  const backplane = new RedisBackplane(nodes);
  const memory = maxEntries !== false && listens ? new TieredStore(shared, backplane, maxEntries) : undefined;
  const inspection = inspectRedis({ nodes, keys, budgetMs: invalidationTimeoutMs });
  const buckets = new RedisBuckets({ nodes, keys, commandTimeoutMs });
  const servers = (): readonly ServerFacts[] =>
    nodes.nodes.map((node) => factsOf(node, invalidationTimeoutMs));
  const filled = (): Promise<void> => shared.filled();
  if (memory === undefined)
    return { nodes, reach, store: shared, inspection, buckets, servers, filled, memory };
  return {
    nodes,
    reach,
    inspection,
    buckets,
    servers,
    filled,
    store: memory,
    memory: {
      get size() {
        return memory.size;
      },
      get trusted() {
        return performance.now() < backplane.trustedUntil;
      },
    },
  };
}

/** A fake client, as hosts use in their tests, may not be able to make another connection. */
const canListen = (target: RedisTarget): boolean => target.kind !== 'client' || 'duplicate' in target.client;
