import { err, ok, type Result } from 'neverthrow';
import type { ConfigError } from './errors.ts';
import type { CacheOptions, SlotwiseOptions } from './options.ts';

type Env = Readonly<Record<string, string | undefined>>;

const variables = [
  'DATABASE_URL',
  'REDIS_DB',
  'REDIS_HOST',
  'REDIS_PASSWORD',
  'REDIS_PORT',
  'REDIS_URL',
  'SLOTWISE_CACHE_PREFIX',
  'SLOTWISE_SCHEMA',
  'USE_REDIS',
] as const;

/** Understood, but without effect in this release. */
const laterVariables = [
  'CACHE_DEFAULT_TTL_SECONDS',
  'CELERY_BROKER_URL',
  'CELERY_RESULT_BACKEND',
  'CELERY_TASK_TIME_LIMIT',
  'CELERY_WORKER_CONCURRENCY',
  'DATABASE_READ_REPLICA_URL',
  'DEBUG',
  'ENABLE_PERFORMANCE_MONITORING',
  'ENABLE_REQUEST_PROFILING',
  'PERFORMANCE_SLOW_QUERY_THRESHOLD',
  'REDIS_CACHE_TTL',
  'REDIS_MAX_CONNECTIONS',
  'SLOW_QUERY_THRESHOLD_MS',
] as const;

/**
 * Options from environment variables; an empty variable counts as unset.
 *
 * `DATABASE_URL` (none: embedded) · `REDIS_URL`, or else `REDIS_HOST`, `REDIS_PORT` (6379), `REDIS_DB` (0),
 * `REDIS_PASSWORD` · `USE_REDIS=false` switches Redis off · `SLOTWISE_SCHEMA`, `SLOTWISE_CACHE_PREFIX`. Variables that
 * other set-ups use for features of later releases are accepted and listed in `unusedVariables`.
 */
export const optionsFromEnv = (env: Env): Result<SlotwiseOptions, ConfigError> =>
  parseEnv(env).andThen(readOptions);

/** Only what is read is looked at: the object may hold whatever else it likes. */
function parseEnv(env: Env): Result<Env, ConfigError> {
  if (typeof env !== 'object' || env === null) return invalid('env', 'must be an object such as process.env');
  const wrong = [...variables, ...laterVariables].find((name) => !isOptionalText(env[name]));
  return wrong === undefined ? ok(env) : invalid(wrong, 'must be text');
}

const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string';

function readOptions(env: Env): Result<SlotwiseOptions, ConfigError> {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const databaseUrl = set('DATABASE_URL');
  const schema = set('SLOTWISE_SCHEMA');
  const prefix = set('SLOTWISE_CACHE_PREFIX');
  const unusedVariables = laterVariables.filter((name) => set(name) !== undefined);
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    return invalid('DATABASE_URL', 'must start with postgresql://');

  return redisUrl(set).map((url): SlotwiseOptions => {
    const cache: CacheOptions = {
      ...(url === undefined ? {} : { url }),
      ...(prefix === undefined ? {} : { prefix }),
    };
    const named = schema === undefined ? {} : { schema };
    return {
      database: databaseUrl === undefined ? { embedded: true, ...named } : { url: databaseUrl, ...named },
      cache,
      ...(unusedVariables.length === 0 ? {} : { unusedVariables }),
    };
  });
}

function redisUrl(set: (name: string) => string | undefined): Result<string | undefined, ConfigError> {
  return flag(set('USE_REDIS')).andThen((wanted) => {
    if (wanted === false) return ok(undefined);
    const url = set('REDIS_URL');
    if (url !== undefined)
      return /^rediss?:\/\//.test(url) ? ok(url) : invalid('REDIS_URL', 'must start with redis://');
    const host = set('REDIS_HOST');
    if (host === undefined)
      return wanted === true ? invalid('USE_REDIS', 'needs REDIS_URL or REDIS_HOST') : ok(undefined);
    const password = set('REDIS_PASSWORD');
    return integer('REDIS_PORT', set('REDIS_PORT') ?? '6379', 65_535).andThen((port) =>
      integer('REDIS_DB', set('REDIS_DB') ?? '0', 1_000_000).map((db) => {
        const secret = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
        return `redis://${secret}${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
      }),
    );
  });
}

function flag(value: string | undefined): Result<boolean | undefined, ConfigError> {
  if (value === undefined) return ok(undefined);
  if (/^(1|true|yes|on)$/i.test(value)) return ok(true);
  if (/^(0|false|no|off)$/i.test(value)) return ok(false);
  return invalid('USE_REDIS', 'must be true or false');
}

function integer(key: string, value: string, max: number): Result<number, ConfigError> {
  const number = Number(value);
  return /^\d+$/.test(value) && number <= max
    ? ok(number)
    : invalid(key, `must be an integer from 0 to ${max}`);
}

const invalid = (key: string, message: string): Result<never, ConfigError> =>
  err({ type: 'Config', key, message });
