import type { Redis } from 'ioredis';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { CacheCounters } from '../cache-counters.ts';
import { PROBE_GROWTH } from '../limits.ts';
import { connectRedis } from './redis-client.ts';
import { RedisLink } from './redis-link.ts';
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

/** A store on one Redis server. Nothing is sent before the link is started. */
export function openRedis(
  options: RedisConnectionOptions,
  counters: CacheCounters,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  recover: () => Promise<boolean>,
): { link: RedisLink; store: RedisStore } {
  const { url, client, prefix, commandTimeoutMs, invalidationTimeoutMs, breaker } = options;
  const link = new RedisLink({
    client: client === undefined ? connectRedis(url ?? '') : (client as Redis),
    owned: client === undefined,
    commandTimeoutMs,
    slowTimeoutMs: invalidationTimeoutMs,
    breakerFailures: breaker.failures,
    probeIntervalMs: breaker.probeIntervalMs,
    maxProbeIntervalMs: breaker.probeIntervalMs * PROBE_GROWTH,
    recover,
    counters,
    logger,
  });
  const store = new RedisStore({
    link,
    prefix,
    commandTimeoutMs,
    bumpTimeoutMs: invalidationTimeoutMs,
    counters,
    clock,
  });
  return { link, store };
}
