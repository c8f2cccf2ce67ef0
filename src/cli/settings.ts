import { err, ok, type Result } from 'neverthrow';
import { optionsFromEnv, type CacheOptions, type ServerDatabaseOptions } from '../index.ts';
import { usage, type CliError } from './cli-error.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Options that every command has. */
export interface GlobalOptions {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly schema?: string;
  readonly prefix?: string;
  readonly json?: true;
}

/** Where the command works. */
export interface Settings {
  readonly database: ServerDatabaseOptions;
  readonly cache: CacheOptions;
  readonly namesRedis: boolean;
}

/** Somebody waits in front of a terminal, or a scheduler for its next turn. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Everything in the environment that names a Redis or refuses one. */
const otherRedis = {
  REDIS_CLUSTER_NODES: undefined,
  REDIS_HOST: undefined,
  REDIS_SENTINELS: undefined,
  USE_REDIS: undefined,
};

/** What is given as an option stands for the variable of the environment. */
export const settingsOf = (env: Env, given: GlobalOptions): Result<Settings, CliError> =>
  optionsFromEnv({
    ...env,
    ...(given.databaseUrl === undefined ? {} : { DATABASE_URL: given.databaseUrl }),
    ...(given.redisUrl === undefined ? {} : { ...otherRedis, REDIS_URL: given.redisUrl }),
    ...(given.schema === undefined ? {} : { SLOTWISE_SCHEMA: given.schema }),
    ...(given.prefix === undefined ? {} : { SLOTWISE_CACHE_PREFIX: given.prefix }),
  }).andThen(({ database, cache }) => {
    if (database === undefined || !('url' in database))
      return err(usage('no database is named: give --database-url, or set DATABASE_URL'));
    const caching = cache === false || cache === undefined ? {} : cache;
    const { url, cluster, sentinel } = caching;
    return ok({
      database: { ...database, connectTimeoutMs: CONNECT_TIMEOUT_MS },
      cache: caching,
      namesRedis: [url, cluster, sentinel].some((place) => place !== undefined),
    });
  });
