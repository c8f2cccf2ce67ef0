import { ok, Result } from 'neverthrow';
import { invalidVariable } from './env-values.ts';
import type { ConfigError } from './errors.ts';
import { metricsFromEnv, metricsVariables } from './metrics-from-env.ts';
import { redisFromEnv, redisVariables } from './redis-from-env.ts';
import type { SlotwiseOptions } from './options.ts';

type Env = Readonly<Record<string, string | undefined>>;

const variables = [
  'DATABASE_READ_REPLICA_URL',
  'DATABASE_URL',
  'SLOTWISE_CACHE_PREFIX',
  'SLOTWISE_SCHEMA',
  ...metricsVariables,
  ...redisVariables,
] as const;

/** Understood, but without effect in this release. */
const laterVariables = [
  'CACHE_DEFAULT_TTL_SECONDS',
  'CELERY_BROKER_URL',
  'CELERY_RESULT_BACKEND',
  'CELERY_TASK_TIME_LIMIT',
  'CELERY_WORKER_CONCURRENCY',
  'DEBUG',
  'REDIS_CACHE_TTL',
] as const;

/**
 * Options from environment variables; an empty variable counts as unset.
 *
 * `DATABASE_URL` (none: embedded) · `DATABASE_READ_REPLICA_URL` (one, or several with spaces between) · `SLOTWISE_SCHEMA`,
 * `SLOTWISE_CACHE_PREFIX` · one of `REDIS_URL`, `REDIS_CLUSTER_NODES`, `REDIS_SENTINELS` with `REDIS_SENTINEL_NAME` and
 * `REDIS_HOST` with `REDIS_PORT` (6379), and what goes with them: `REDIS_USERNAME`, `REDIS_PASSWORD`,
 * `REDIS_SENTINEL_PASSWORD`, `REDIS_DB` (0), `REDIS_TLS`, `REDIS_MAX_CONNECTIONS` · `USE_REDIS=false` switches Redis off ·
 * `SLOW_QUERY_THRESHOLD_MS`, or `PERFORMANCE_SLOW_QUERY_THRESHOLD` in seconds, is `metrics.slowStatementMs`,
 * `ENABLE_REQUEST_PROFILING` is `metrics.profileRequests`, and `ENABLE_PERFORMANCE_MONITORING=false` switches metrics off.
 * Variables that other set-ups use for features of later releases are accepted and listed in `unusedVariables`.
 */
export const optionsFromEnv = (env: Env): Result<SlotwiseOptions, ConfigError> =>
  parseEnv(env).andThen(readOptions);

/** Only what is read is looked at: the object may hold whatever else it likes. */
function parseEnv(env: Env): Result<Env, ConfigError> {
  if (typeof env !== 'object' || env === null)
    return invalidVariable('env', 'must be an object such as process.env');
  const wrong = [...variables, ...laterVariables].find((name) => !isOptionalText(env[name]));
  return wrong === undefined ? ok(env) : invalidVariable(wrong, 'must be text');
}

const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string';

function readOptions(env: Env): Result<SlotwiseOptions, ConfigError> {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const databaseUrl = set('DATABASE_URL');
  const replicaUrls = set('DATABASE_READ_REPLICA_URL')?.trim().split(/\s+/);
  const schema = set('SLOTWISE_SCHEMA');
  const prefix = set('SLOTWISE_CACHE_PREFIX');
  if (databaseUrl !== undefined && !isPostgres(databaseUrl))
    return invalidVariable('DATABASE_URL', notPostgres);
  if (replicaUrls?.every(isPostgres) === false)
    return invalidVariable('DATABASE_READ_REPLICA_URL', notPostgres);
  // The embedded database has no replicas.
  const idle = databaseUrl === undefined ? (['DATABASE_READ_REPLICA_URL'] as const) : [];
  const unusedVariables = [...laterVariables, ...idle].filter((name) => set(name) !== undefined);

  return Result.combine([redisFromEnv(set), metricsFromEnv(set)]).map(([redis, metrics]): SlotwiseOptions => {
    const cache = { ...redis, ...(prefix === undefined ? {} : { prefix }) };
    const named = schema === undefined ? {} : { schema };
    return {
      database:
        databaseUrl === undefined
          ? { embedded: true, ...named }
          : { url: databaseUrl, ...(replicaUrls === undefined ? {} : { replicaUrls }), ...named },
      cache,
      ...(metrics === undefined ? {} : { metrics }),
      ...(unusedVariables.length === 0 ? {} : { unusedVariables }),
    };
  });
}

const isPostgres = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);
const notPostgres = 'must start with postgresql://';
