import { MetadataError, MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Logger } from '../../application/ports/logger.ts';
import type { PoolUse } from '../../application/ports/pool-status.ts';
import type { DirectClient } from './direct-client.ts';
import {
  checkConnections,
  type ConnectionChecks,
  type ConnectionPool,
  type PoolConnection,
} from './connection-checks.ts';
import type { RowSchema } from './host-rows.ts';
import { migrationOptions } from './migrations/migrate.ts';
import { rowSchemas } from './rows/tables.ts';

/** A MikroORM that is set up for the SDK's rows, and what may be done to its connections. */
export interface OpenOrm {
  readonly orm: MikroORM;
  /** Closes connections as they become free. Does nothing to what the host lent. */
  close(): Promise<void>;
  /** A new connection outside the pool; absent where the connections are not ours to make. */
  readonly direct?: () => DirectClient;
  /** How the pool is used; absent where it is not ours. */
  readonly pool?: () => PoolUse;
  /** Told that a connection broke, so that others are checked before they are used; absent where the pool is not ours. */
  readonly distrust?: () => void;
  /** Cuts connections that are still in use, so that nothing keeps the process alive or holds locks. */
  cut(): void;
}

/** A server's connections are the SDK's own. */
export type ServerOrm = OpenOrm & Required<Pick<OpenOrm, 'direct' | 'pool' | 'distrust'>>;

export interface ServerConnection {
  readonly url: string;
  readonly pool: {
    readonly min: number;
    readonly max: number;
    readonly idleTimeoutMs: number;
    readonly maxLifetimeMs: number;
    readonly checkAfterIdleMs: number;
  };
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs?: number | undefined;
  readonly idleInTransactionTimeoutMs?: number | undefined;
}

export interface OrmOptions {
  /** Of the SDK's own tables. */
  readonly schema: string;
  /** Schemas of the host's own rows, whose tables are the host's business. */
  readonly rows: readonly RowSchema[];
  readonly logger: Logger;
}

/** Why MikroORM does not take the host's schemas; `undefined` when something else failed. */
export const refusedRows = (cause: unknown): string | undefined =>
  cause instanceof MetadataError ? cause.message : undefined;

/** A MikroORM of our own: our rows and our schema, whoever owns the connections under it. */
const common = ({ schema, rows, logger }: OrmOptions) => ({
  entities: [...rowSchemas, ...rows],
  schema,
  migrations: migrationOptions(schema),
  logger: (message: string) => logger.debug({ mikroOrm: true }, message),
  colors: false,
  debug: false,
});

export async function openServer(connection: ServerConnection, options: OrmOptions): Promise<ServerOrm> {
  const clients = new Set<PoolClient>();
  let created: Pool | undefined;
  let checks: ConnectionChecks | undefined;
  const orm = await MikroORM.init({
    ...common(options),
    driver: PostgreSqlDriver,
    clientUrl: connection.url,
    driverOptions: {
      // MikroORM takes only the server and the credentials from the URL; the driver itself also heeds its parameters,
      // `sslmode` above all. What the URL says wins over what stands here.
      connectionString: connection.url,
      min: connection.pool.min,
      max: connection.pool.max,
      idleTimeoutMillis: connection.pool.idleTimeoutMs,
      maxLifetimeSeconds: Math.ceil(connection.pool.maxLifetimeMs / 1000),
      connectionTimeoutMillis: connection.connectTimeoutMs,
      statement_timeout: connection.statementTimeoutMs,
      lock_timeout: connection.lockTimeoutMs,
      idle_in_transaction_session_timeout: connection.idleInTransactionTimeoutMs,
      application_name: 'slotwise',
      // A pool must not keep the host's process alive.
      allowExitOnIdle: true,
      onPoolCreated: (pool: Pool) => {
        created = pool;
        checks = checkConnections(pool, connection.pool.checkAfterIdleMs);
        pool.on('connect', (client) => clients.add(client));
        pool.on('remove', (client) => clients.delete(client));
      },
    },
  });
  return {
    orm,
    direct: () => {
      // Makes the pool, where nobody has asked for a connection yet.
      orm.em.getConnection().getClient();
      if (created === undefined) throw new Error('MikroORM has made no pool');
      return new created.Client(created.options);
    },
    pool: () => ({
      open: created?.totalCount ?? 0,
      idle: created?.idleCount ?? 0,
      waiting: created?.waitingCount ?? 0,
      max: connection.pool.max,
    }),
    distrust: () => checks?.distrust(),
    close: () => orm.close(true),
    cut: () => {
      // The driver destroys the socket of a client that is busy, and says goodbye on that of an idle one.
      for (const client of clients) client.end().catch(() => undefined);
    },
  };
}

/** The little that is needed of the driver's pool; its package is MikroORM's business. */
interface PoolClient extends PoolConnection {
  end(): Promise<void>;
}

interface Pool extends ConnectionPool<PoolClient> {
  readonly Client: new (options: unknown) => DirectClient;
  readonly options: unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  on(event: 'connect' | 'remove', listener: (client: PoolClient) => void): unknown;
  on(event: 'release', listener: (failure: unknown, client: PoolClient) => void): unknown;
}

/** Loads PGlite only when it is used: it is an optional package. */
export async function openEmbedded(dataDir: string | undefined, options: OrmOptions): Promise<OpenOrm> {
  const { MikroORM: EmbeddedORM } = await import('@mikro-orm/pglite');
  const { btree_gist: btreeGist } = await import('@electric-sql/pglite/contrib/btree_gist');
  const orm = await EmbeddedORM.init({
    ...common(options),
    ...(dataDir === undefined ? {} : { dbName: dataDir }),
    driverOptions: { extensions: { btree_gist: btreeGist } },
  });
  // Its one connection is a part of this process and ends with it.
  return { orm: orm as unknown as MikroORM, close: () => orm.close(true), cut: () => undefined };
}

/**
 * Over the host's connections: discovering our rows in the host's MikroORM would put our tables into the host's schema
 * diffs, so we only share its query builder. Closing this one would end the host's pool, so it is never closed.
 */
export async function openBorrowed(host: object, options: OrmOptions): Promise<OpenOrm> {
  const { config, em } = host as MikroORM;
  const orm = await MikroORM.init({
    ...common(options),
    driver: config.get('driver') ?? PostgreSqlDriver,
    dbName: config.get('dbName'),
    driverOptions: em.getConnection().getClient(),
  });
  return { orm, close: () => Promise.resolve(), cut: () => undefined };
}
