import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Logger } from '../../application/ports/logger.ts';
import { migrationOptions } from './migrations/migrate.ts';
import { rowSchemas } from './rows/tables.ts';

/** A MikroORM that is set up for the SDK's rows. */
export type OpenOrm = MikroORM;

export interface ServerConnection {
  readonly url: string;
  readonly pool: {
    readonly min: number;
    readonly max: number;
    readonly idleTimeoutMs: number;
    readonly maxLifetimeMs: number;
  };
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** A MikroORM of our own: our rows and our schema, whoever owns the connections under it. */
const common = (schema: string, logger: Logger) => ({
  entities: [...rowSchemas],
  schema,
  migrations: migrationOptions(schema),
  logger: (message: string) => logger.debug({ mikroOrm: true }, message),
  colors: false,
  debug: false,
});

export const openServer = (connection: ServerConnection, schema: string, logger: Logger): Promise<MikroORM> =>
  MikroORM.init({
    ...common(schema, logger),
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
      application_name: 'slotwise',
      // A pool must not keep the host's process alive.
      allowExitOnIdle: true,
    },
  });

/** Loads PGlite only when it is used: it is an optional package. */
export async function openEmbedded(
  dataDir: string | undefined,
  schema: string,
  logger: Logger,
): Promise<MikroORM> {
  const { MikroORM: EmbeddedORM } = await import('@mikro-orm/pglite');
  const { btree_gist: btreeGist } = await import('@electric-sql/pglite/contrib/btree_gist');
  const orm = await EmbeddedORM.init({
    ...common(schema, logger),
    ...(dataDir === undefined ? {} : { dbName: dataDir }),
    driverOptions: { extensions: { btree_gist: btreeGist } },
  });
  return orm as unknown as MikroORM;
}

/**
 * Over the host's connections: discovering our rows in the host's MikroORM would put our tables into the host's schema
 * diffs, so we only share its query builder. Closing this one would end the host's pool, so it is never closed.
 */
export const openBorrowed = (host: object, schema: string, logger: Logger): Promise<MikroORM> => {
  const { config, em } = host as MikroORM;
  return MikroORM.init({
    ...common(schema, logger),
    driver: config.get('driver') ?? PostgreSqlDriver,
    dbName: config.get('dbName'),
    driverOptions: em.getConnection().getClient(),
  });
};
