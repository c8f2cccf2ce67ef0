import type { CacheServer } from '../index.ts';
import { bytes } from './text.ts';

/** What all masters of the cache have done since they started, whoever used them. */
export interface CacheUsage {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly commands: number;
  readonly usedBytes: number;
  /** 0 for no limit. */
  readonly maxBytes: number;
}

/** One without a limit makes the whole have none. */
export function usageOf(servers: readonly CacheServer[]): CacheUsage {
  const sum = (of: (server: CacheServer) => number): number =>
    servers.reduce((total, server) => total + of(server), 0);
  return {
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    evictions: sum(({ evictions }) => evictions),
    commands: sum(({ commands }) => commands),
    usedBytes: sum(({ memory }) => memory.bytes),
    maxBytes: servers.some(({ memory }) => memory.maxBytes === 0) ? 0 : sum(({ memory }) => memory.maxBytes),
  };
}

/** Of what was looked up; `undefined` while nothing was. */
export const hitRateOf = ({ hits, misses }: Pick<CacheUsage, 'hits' | 'misses'>): number | undefined =>
  hits + misses === 0 ? undefined : hits / (hits + misses);

export const memoryText = ({ usedBytes, maxBytes }: Pick<CacheUsage, 'usedBytes' | 'maxBytes'>): string =>
  maxBytes === 0 ? `${bytes(usedBytes)}, no limit` : `${bytes(usedBytes)} of ${bytes(maxBytes)}`;
