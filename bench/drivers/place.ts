/** Where a process that is measured finds the servers, the rows and room for its keys. */
export interface Place {
  readonly databaseUrl: string;
  /** Connections to PostgreSQL that a process may have. */
  readonly poolSize: number;
  readonly redisUrl: string;
  /** PostgreSQL schema with the SDK's tables, on which every library works. */
  readonly schema: string;
  /** First part of every Redis key. */
  readonly prefix: string;
}

/**
 * How a library is set up. `tiers` is what its documentation advises for several processes: memory over Redis with its
 * own bus, as far as it has these. `memory` and `redis` are one tier alone, `database` is nothing but the query.
 */
export type SetUp = 'tiers' | 'memory' | 'redis' | 'database';

/** Nothing runs out while it is measured. */
export const TTL_MS = 300_000;

export const MAX_ENTRIES = 10_000;
