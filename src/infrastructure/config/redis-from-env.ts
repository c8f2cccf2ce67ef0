import { ok, type Result } from 'neverthrow';
import { isRedisUrl, readNode, type NamedNode } from '../cache/redis/node-url.ts';
import { flag, invalidVariable, type ReadVariable } from './env-values.ts';
import type { ConfigError } from './errors.ts';
import type { CacheOptions } from './options.ts';
import { MAX_CONNECTIONS, REDIS_PORT, SENTINEL_PORT } from './redis-options.ts';

export const redisVariables = [
  'REDIS_CLUSTER_NODES',
  'REDIS_DB',
  'REDIS_HOST',
  'REDIS_MAX_CONNECTIONS',
  'REDIS_PASSWORD',
  'REDIS_PORT',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_NAME',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_TLS',
  'REDIS_URL',
  'REDIS_USERNAME',
  'USE_REDIS',
] as const;

type Variable = (typeof redisVariables)[number];

type Read = ReadVariable<Variable>;

type Place = Pick<CacheOptions, 'url' | 'tls' | 'cluster' | 'sentinel'>;

const places = ['REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'] as const;

/** The options of the cache that say where Redis is; none where it is not named, or switched off. */
export const redisFromEnv = (read: Read): Result<CacheOptions, ConfigError> =>
  flag(read, 'USE_REDIS').andThen((wanted) => {
    if (wanted === false) return ok({});
    return place(read).andThen((found) => {
      if (found === undefined)
        return wanted === true ? invalidVariable('USE_REDIS', 'needs REDIS_URL or REDIS_HOST') : ok({});
      return connections(read).map((amount) => ({ ...found, ...amount }));
    });
  });

function place(read: Read): Result<Place | undefined, ConfigError> {
  const [first, second] = places.filter((name) => read(name) !== undefined);
  if (second !== undefined) return invalidVariable(second, `give one of ${places.join(', ')}`);
  if (first === undefined && read('REDIS_HOST') === undefined) return ok(undefined);
  return flag(read, 'REDIS_TLS').andThen((wanted) => {
    const tls = wanted === true ? { tls: true } : {};
    if (first === 'REDIS_URL') return url(read).map((given) => ({ url: given, ...tls }));
    if (first === 'REDIS_CLUSTER_NODES')
      return cluster(read).map((given) => ({ cluster: { ...given, ...tls } }));
    if (first === 'REDIS_SENTINELS')
      return sentinel(read).map((given) => ({ sentinel: { ...given, ...tls } }));
    return hostUrl(read).map((given) => ({ url: given, ...tls }));
  });
}

function url(read: Read): Result<string, ConfigError> {
  const given = read('REDIS_URL') ?? '';
  return isRedisUrl(given)
    ? ok(given)
    : invalidVariable('REDIS_URL', 'must be a URL that starts with redis://');
}

function hostUrl(read: Read): Result<string, ConfigError> {
  const host = read('REDIS_HOST') ?? '';
  const { username = '', password } = login(read);
  return integer(read, 'REDIS_PORT', REDIS_PORT, [0, 65_535]).andThen((port) =>
    database(read).map((db) => {
      const secret =
        password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
      return `redis://${secret}${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
    }),
  );
}

const cluster = (read: Read): Result<NonNullable<Place['cluster']>, ConfigError> =>
  database(read).andThen((db) =>
    db === 0
      ? nodes(read, 'REDIS_CLUSTER_NODES', REDIS_PORT).map((given) => ({ nodes: given, ...login(read) }))
      : invalidVariable('REDIS_DB', 'must be 0 in a Cluster'),
  );

function sentinel(read: Read): Result<NonNullable<Place['sentinel']>, ConfigError> {
  const name = read('REDIS_SENTINEL_NAME');
  if (name === undefined)
    return invalidVariable('REDIS_SENTINEL_NAME', 'must say what the Sentinels call the master');
  const sentinelPassword = read('REDIS_SENTINEL_PASSWORD');
  return nodes(read, 'REDIS_SENTINELS', SENTINEL_PORT).andThen((sentinels) =>
    database(read).map((db) => ({
      sentinels,
      name,
      db,
      ...login(read),
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    })),
  );
}

function login(read: Read): { readonly username?: string; readonly password?: string } {
  const username = read('REDIS_USERNAME');
  const password = read('REDIS_PASSWORD');
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

function nodes(read: Read, name: Variable, defaultPort: number): Result<NamedNode[], ConfigError> {
  const found = (read(name) ?? '').split(',').map((one) => readNode(one.trim(), defaultPort));
  const valid = found.filter((one) => one !== undefined);
  return valid.length === found.length ? ok(valid) : invalidVariable(name, 'must be host:port,host:port');
}

const database = (read: Read): Result<number, ConfigError> => integer(read, 'REDIS_DB', 0, [0, 1_000_000]);

/**
 * Other clients take this for the size of a pool in which each connection carries one command at a time. Here one carries
 * any number, so a few do.
 */
function connections(read: Read): Result<Pick<CacheOptions, 'connections'>, ConfigError> {
  if (read('REDIS_MAX_CONNECTIONS') === undefined) return ok({});
  return integer(read, 'REDIS_MAX_CONNECTIONS', 1, [1, Number.MAX_SAFE_INTEGER]).map((most) => ({
    connections: Math.min(most, MAX_CONNECTIONS),
  }));
}

function integer(
  read: Read,
  name: Variable,
  unset: number,
  [min, max]: readonly [number, number],
): Result<number, ConfigError> {
  const value = read(name) ?? String(unset);
  const number = Number(value);
  return /^\d+$/.test(value) && number >= min && number <= max
    ? ok(number)
    : invalidVariable(name, `must be an integer from ${min} to ${max}`);
}
