import type { EntitySchema, MikroORM } from '@mikro-orm/core';
import type { Cluster, Redis } from 'ioredis';
import type { TtlOverrides } from '../../application/caching/cache-policies.ts';
import type { WarmOptions } from '../../application/caching/warm-cache.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Instrumentation } from '../../application/ports/instrumentation.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { MetricsOptions } from '../observability/metrics/metrics-options.ts';
import type { QueryOptions } from '../observability/statements/query-options.ts';

/** What all kinds of databases have in common. */
interface DatabaseOptions {
  /** PostgreSQL schema of the SDK, `slotwise` when left out; lower-case letters, digits and underscores. */
  readonly schema?: string;
  /** How long a statement or transaction may wait for a connection, in milliseconds; 5,000 when left out. */
  readonly acquireTimeoutMs?: number;
  /**
   * Schemas of the host's own rows, made by MikroORM's `defineEntity`, for `sdk.rows`. Their tables are the host's: the
   * SDK neither creates nor changes them. Names of its own tables (`city`, `slot` …) are taken.
   */
  readonly rows?: readonly EntitySchema[];
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
  /**
   * A connection that was idle for so many milliseconds is asked whether it is alive before it is used, which costs a round
   * trip; 1,000 when left out, 0 for each time.
   */
  readonly checkAfterIdleMs?: number;
}

/** A PostgreSQL server, version 14 or later. */
export interface ServerDatabaseOptions extends DatabaseOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string;
  /**
   * Physical standbys of that server, for units of work with `readFrom: 'replica'`; 16 at most. Each gets a pool like the
   * primary's; one connection more goes to every server, to see how far it has come.
   */
  readonly replicaUrls?: readonly string[];
  /**
   * How old the data of a replica may be, in milliseconds, for it to be asked; 10,000 when left out, from 5,000 to an
   * hour. Nobody knows how old it is while the primary is away, so after that time replicas are not asked any more, either;
   * `false` asks them whatever their age.
   */
  readonly maxReplicaLagMs?: number | false;
  readonly pool?: PoolOptions;
  /** Milliseconds to establish a connection; 10,000 when left out. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds one statement may run; 30,000 when left out. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds a statement may wait for a lock; as long as it may run when left out. */
  readonly lockTimeoutMs?: number;
  /**
   * Milliseconds a transaction may do nothing before PostgreSQL undoes it and ends its connection; no limit when left
   * out. It frees the locks of a process that hangs.
   */
  readonly idleInTransactionTimeoutMs?: number;
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

/** Encryption of connections to Redis, as in Node's `tls.connect`. What is left out is as Node has it. */
export interface RedisTlsOptions {
  /** Certificates of the authorities to trust instead of the well-known ones, in PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** Certificate and key of this client, in PEM, for a server that asks for them. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** Name that the server's certificate must be for, where it is not the host's. */
  readonly servername?: string;
  /** `false` accepts any certificate, which protects from nobody but a passive listener; `true` when left out. */
  readonly rejectUnauthorized?: boolean;
}

export interface RedisHost {
  /** A name or an address. */
  readonly host: string;
  /** 6379 when left out, 26379 for a Sentinel. */
  readonly port?: number;
}

/**
 * Where a server is reached that calls itself by another address, as behind a NAT or in a container: by the address it
 * announces (`host:port`), or a function of it. An address that is not in it is taken as it is.
 */
export type RedisNatMap =
  | Readonly<Record<string, { readonly host: string; readonly port: number }>>
  | ((address: string) => { readonly host: string; readonly port: number } | null);

/** A Redis Cluster. The SDK keeps connections to every master, and finds the others from one that answers. */
export interface RedisClusterOptions {
  /** Some of its servers, as `{ host, port }` or `redis://host:port`; those that are left out are found. */
  readonly nodes: readonly (RedisHost | string)[];
  readonly username?: string;
  readonly password?: string;
  /** `true` trusts the well-known authorities. */
  readonly tls?: boolean | RedisTlsOptions;
  readonly natMap?: RedisNatMap;
}

/** A master that Sentinels look after. */
export interface RedisSentinelOptions {
  readonly sentinels: readonly RedisHost[];
  /** What the Sentinels call the master. */
  readonly name: string;
  /** Of the master and its replicas. */
  readonly username?: string;
  readonly password?: string;
  /** Of the Sentinels. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** Number of the database on the master; 0 when left out. */
  readonly db?: number;
  /** Of the connections to the Sentinels as well as to the master; `true` trusts the well-known authorities. */
  readonly tls?: boolean | RedisTlsOptions;
  readonly natMap?: RedisNatMap;
}

/**
 * At most one of `url`, `cluster`, `sentinel` and `client` says where Redis is; without any of them the cache lives in
 * this process.
 */
export interface CacheOptions {
  /** `redis://` or `rediss://`, of a single server; of its parameters, `db` and `family` are heeded. */
  readonly url?: string;
  /** Encrypts the connections to `url`, which `rediss://` does as well; `true` trusts the well-known authorities. */
  readonly tls?: boolean | RedisTlsOptions;
  readonly cluster?: RedisClusterOptions;
  readonly sentinel?: RedisSentinelOptions;
  /**
   * An ioredis client (5.11 or later) of the host. It is never configured or closed by the SDK, and must go to masters
   * only and have no `keyPrefix` (use `prefix`).
   *
   * A `Redis` is used as it is, for everything but announcements of changes: a connection that listens can do nothing
   * else, so the SDK makes one like it. A `Cluster` lends its addresses, credentials, encryption and `natMap`, and the
   * SDK connects to each master by itself: what is cached is valid only together with the server that said so, and a
   * `Cluster` that follows redirections does not tell which server answered.
   */
  readonly client?: Redis | Cluster;
  /**
   * Connections to each server, 8 at most; 1 when left out. Commands take turns on them. One carries any number of
   * commands at a time; more help only where large values hold each other up. Beside them there is one that listens.
   */
  readonly connections?: number;
  /**
   * Commands that may be waiting for their answer on one connection; any number when left out. With more, the cache
   * counts as unavailable at once: reads go to the database, and a commit answers `deferred`.
   */
  readonly maxInFlight?: number;
  /** Milliseconds of silence after which the operating system probes a connection; 30,000 when left out. */
  readonly keepAliveMs?: number;
  /**
   * Milliseconds between checks that each connection is alive and its server still a master, when nothing is read or
   * written; 30,000 when left out.
   */
  readonly pingIntervalMs?: number;
  /** Milliseconds to establish a connection, encryption included; 2,000 when left out. */
  readonly connectTimeoutMs?: number;
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
  /**
   * Whether commits keep readers away from the cache while they are on their way, so that nobody is still answered the
   * old value when somebody has already seen the new one in the database; `false` when left out. Costs each commit a
   * round trip to Redis, and the cache in this process, which `strict` switches off. All processes should agree.
   */
  readonly strict?: boolean;
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
  /** Families of the host's own keys that can be dropped from the start, as by `sdk.cache.declareFamilies`. */
  readonly families?: readonly string[];
  /**
   * Reads everything, or what is named, into the cache once the SDK is open, in the background and as `sdk.cache.warm`
   * does; what became of it is logged. Off when left out. A host that wants to wait for it calls `warm` itself.
   */
  readonly warmOnStart?: boolean | WarmOptions;
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
  /** What `sdk.metrics` counts; on when left out, `false` for nothing. */
  readonly metrics?: false | MetricsOptions;
  /** What `sdk.diagnostics` keeps of this process's statements. */
  readonly queries?: QueryOptions;
  readonly policies?: { readonly booking?: Partial<BookingPolicy> };
  /** Set by `optionsFromEnv`: variables that are understood but have no effect yet; named once in the log. */
  readonly unusedVariables?: readonly string[];
}
