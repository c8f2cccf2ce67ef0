import type { MikroORM } from '@mikro-orm/core';
import type { Redis } from 'ioredis';
import type { TtlOverrides } from '../../application/caching/cache-policies.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Instrumentation } from '../../application/ports/instrumentation.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';

/** What all kinds of databases have in common. */
interface DatabaseOptions {
  /** PostgreSQL schema of the SDK, `slotwise` when left out; lower-case letters, digits and underscores. */
  readonly schema?: string;
  /** How long a statement or transaction may wait for a connection, in milliseconds; 5,000 when left out. */
  readonly acquireTimeoutMs?: number;
}

export interface PoolOptions {
  /** Connections kept open; 0 when left out. */
  readonly min?: number;
  /** Connections at most; 20 when left out. */
  readonly max?: number;
  /** Milliseconds after which an idle connection is closed; 30,000 when left out. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds after which a connection is replaced; 600,000 when left out. */
  readonly maxLifetimeMs?: number;
}

/** A PostgreSQL server, version 14 or later. */
export interface ServerDatabaseOptions extends DatabaseOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string;
  readonly pool?: PoolOptions;
  /** Milliseconds to establish a connection; 10,000 when left out. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds one statement may run; 30,000 when left out. */
  readonly statementTimeoutMs?: number;
}

/** PostgreSQL in this process (PGlite): for development, tests and small bots. One connection, one process. */
export interface EmbeddedDatabaseOptions extends DatabaseOptions {
  readonly embedded: true;
  /** Folder the data is kept in; in memory when left out. */
  readonly dataDir?: string;
}

/** The host's own MikroORM, whose connections are used and which is never closed or configured by the SDK. */
export interface BorrowedDatabaseOptions extends DatabaseOptions {
  readonly orm: MikroORM;
}

export interface BreakerOptions {
  /** Failures in a row after which Redis is left alone; 5 when left out. */
  readonly failures?: number;
  /** Milliseconds between probes at first; 1,000 when left out. They grow further apart, up to 5 times that. */
  readonly probeIntervalMs?: number;
}

export interface CacheOptions {
  /** `redis://` or `rediss://`. Without it, and without `client`, the cache lives in this process. */
  readonly url?: string;
  /** An ioredis client (5.11 or later) of the host, for a single server. It is never closed by the SDK. */
  readonly client?: Redis;
  /** First part of every key; `slotwise` when left out. */
  readonly prefix?: string;
  /**
   * The cache in this process, 10,000 entries when left out; `false` switches it off. Beside Redis it answers what this
   * process has read lately, for as long as Redis announces every change to it. Without Redis it is the whole cache;
   * other processes on the same database server then tell each other through `notify`.
   */
  readonly l1?: { readonly maxEntries: number } | false;
  /**
   * Whether commits announce what they changed through PostgreSQL (`NOTIFY`), and this process listens. On by default
   * with a database server and no Redis, where memory answers only while it hears of every change. Beside Redis it is
   * off, since notifications make commits wait for each other; switch it on in all processes when some of those that
   * share the database have no Redis. Needs a connection of its own to listen, so not with a lent MikroORM.
   */
  readonly notify?: boolean;
  /** How values are written in Redis, `json` when left out; `msgpackr` needs that package. Both are read by everybody. */
  readonly codec?: 'json' | 'msgpackr';
  /** Values that are larger are compressed (zstd); 32,768 bytes when left out, `false` for never. */
  readonly compressAboveBytes?: number | false;
  /** Share of the hits, from 0 to 1, that are compared with the database in the background; 0 when left out. */
  readonly consistencyCheck?: number;
  /** Reads that may be at the database at one time while the cache cannot be asked; 10 when left out. */
  readonly maxLoads?: number;
  /** Lifetimes in milliseconds that replace those of the policy table, by policy name; seven days at most. */
  readonly ttl?: TtlOverrides;
  /** Budget of one read, in milliseconds, after which the database answers; 50 when left out. */
  readonly commandTimeoutMs?: number;
  /** Budget a commit has to tell the cache, in milliseconds, before it answers `deferred`; 500 when left out. */
  readonly invalidationTimeoutMs?: number;
  readonly breaker?: BreakerOptions;
}

export interface SlotwiseOptions {
  /** PGlite in memory when left out. */
  readonly database?: ServerDatabaseOptions | EmbeddedDatabaseOptions | BorrowedDatabaseOptions;
  /** `false` reads everything from the database. */
  readonly cache?: false | CacheOptions;
  /** The process's idea of now, the system's when left out. The database's clock decides what may be booked. */
  readonly clock?: Clock;
  /** Silent when left out. */
  readonly logger?: Logger;
  readonly instrumentation?: Instrumentation;
  readonly policies?: { readonly booking?: Partial<BookingPolicy> };
  /** Set by `optionsFromEnv`: variables that are understood but have no effect yet; named once in the log. */
  readonly unusedVariables?: readonly string[];
}
