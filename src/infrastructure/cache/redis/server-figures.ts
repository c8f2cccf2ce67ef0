import type { Socket } from 'node:net';
import type { Redis } from 'ioredis';
import type { CacheServer } from '../../../application/ports/cache-inspection.ts';

/** What a server tells of itself with INFO; what it leaves out counts as 0. */
export async function askFigures(client: Redis): Promise<CacheServer> {
  const info = await client.info();
  const text = (name: string): string => new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1] ?? '';
  const count = (name: string): number => Number(text(name)) || 0;
  const hits = count('keyspace_hits');
  const misses = count('keyspace_misses');
  const address = addressOf(client.stream);
  return {
    ...(address === undefined ? {} : { address }),
    version: text('redis_version'),
    uptimeSeconds: count('uptime_in_seconds'),
    memory: {
      bytes: count('used_memory'),
      peakBytes: count('used_memory_peak'),
      maxBytes: count('maxmemory'),
      evictionPolicy: text('maxmemory_policy'),
    },
    evictions: count('evicted_keys'),
    expirations: count('expired_keys'),
    hits,
    misses,
    hitShare: hits + misses === 0 ? 0 : hits / (hits + misses),
    clients: count('connected_clients'),
    maxClients: count('maxclients'),
    commands: count('total_commands_processed'),
    commandsPerSecond: count('instantaneous_ops_per_sec'),
  };
}

/** A fake client, as hosts use in their tests, has no connection. */
const addressOf = (stream: Socket | undefined): string | undefined =>
  stream?.remoteAddress === undefined ? undefined : `${stream.remoteAddress}:${stream.remotePort}`;
