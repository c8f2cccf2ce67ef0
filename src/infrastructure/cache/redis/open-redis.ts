import type { Redis } from 'ioredis';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { CacheCounters } from '../cache-counters.ts';
import { PROBE_GROWTH } from '../limits.ts';
import { TieredStore } from '../tiered-store.ts';
import type { Payloads } from '../values/payloads.ts';
import type { VersionedStore } from '../versioned-store.ts';
import { Announcements } from './announcements.ts';
import { RedisBackplane } from './redis-backplane.ts';
import { clientPolicy, connectRedis } from './redis-client.ts';
import { RedisKeys } from './redis-keys.ts';
import { RedisLink } from './redis-link.ts';
import { RedisNode } from './redis-node.ts';
import { SingleNode, type RedisNodes } from './redis-nodes.ts';
import { RedisStore } from './redis-store.ts';

export interface RedisConnectionOptions {
  readonly url?: string | undefined;
  /** The host's client; `object` because two releases of ioredis, with types of their own, are supported. */
  readonly client?: object | undefined;
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
  /** Runs before a server is believed, the first time and after every time it was not. */
  readonly recover: () => Promise<boolean>;
}

export interface OpenRedis {
  readonly nodes: RedisNodes;
  readonly store: VersionedStore;
  /** The memory in front of it, if there is one. */
  readonly memory?: { readonly size: number; readonly trusted: boolean };
}

/**
 * A store on Redis; nothing is sent before the nodes are started.
 *
 * @param maxEntries of the memory in front of it; `false` for none
 */
export function openRedis(
  options: RedisConnectionOptions,
  maxEntries: number | false,
  around: Surroundings,
): OpenRedis {
  const { url, client: lent, prefix, commandTimeoutMs, invalidationTimeoutMs, breaker } = options;
  const { counters, clock, logger, payloads, recover } = around;
  const keys = new RedisKeys(prefix);
  const client = lent === undefined ? connectRedis(url ?? '') : (lent as Redis);
  const link = new RedisLink({
    client,
    owned: lent === undefined,
    commandTimeoutMs,
    slowTimeoutMs: invalidationTimeoutMs,
    breakerFailures: breaker.failures,
    probeIntervalMs: breaker.probeIntervalMs,
    maxProbeIntervalMs: breaker.probeIntervalMs * PROBE_GROWTH,
    maxInFlight: Number.POSITIVE_INFINITY,
    pingIntervalMs: 30_000,
    recover,
    onDown: () => memory?.clear(),
    onMoved: () => undefined,
    counters,
    logger,
  });
  const announcements =
    maxEntries === false || !canListen(client)
      ? undefined
      : new Announcements({
          client: client.duplicate({ ...clientPolicy, autoResubscribe: false }),
          keys,
          onVersion: (anchor, version) => {
            counters.announcements += 1;
            memory?.announce(anchor, version);
          },
          onLost: () => {
            counters.announcementsLost += 1;
            memory?.clear();
            nodes.nodes[0].recheck();
          },
          logger,
        });
  const nodes = new SingleNode(new RedisNode([link], announcements));
  const bumpTimeoutMs = invalidationTimeoutMs;
  const shared = new RedisStore({ nodes, keys, payloads, commandTimeoutMs, bumpTimeoutMs, counters, clock });
  const backplane = new RedisBackplane(nodes);
  const memory = maxEntries === false || announcements === undefined ? undefined : new TieredStore(shared, backplane, maxEntries);
  if (memory === undefined) return { nodes, store: shared };
  return {
    nodes,
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
const canListen = (client: { readonly duplicate?: unknown }): boolean => typeof client.duplicate === 'function';
