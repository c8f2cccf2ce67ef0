import { describe, expect, it } from 'vitest';
import { optionsFromEnv } from '../../../src/index.ts';
import { MAX_TTL_MS } from '../../../src/infrastructure/cache/limits.ts';
import { parseOptions } from '../../../src/infrastructure/config/parse-options.ts';

/** What an ioredis client can do, as far as the SDK needs it. */
const client = Object.fromEntries(
  ['mget', 'eval', 'set', 'ping', 'info', 'on', 'off'].map((name) => [name, () => undefined]),
);

describe('options from the environment', () => {
  it('are the embedded default when nothing is set, or only set to nothing', () => {
    const embedded = { database: { embedded: true }, cache: {} };
    expect(optionsFromEnv({})._unsafeUnwrap()).toEqual(embedded);
    expect(optionsFromEnv({ DATABASE_URL: '', REDIS_URL: '' })._unsafeUnwrap()).toEqual(embedded);
  });

  it('take the URLs of the servers', () => {
    const env = { DATABASE_URL: 'postgres://u:p@db/x', REDIS_URL: 'rediss://cache:6380/2' };
    expect(optionsFromEnv(env)._unsafeUnwrap()).toEqual({
      database: { url: 'postgres://u:p@db/x' },
      cache: { url: 'rediss://cache:6380/2' },
    });
  });

  it('take one read replica, or several', () => {
    const env = {
      DATABASE_URL: 'postgresql://db/x',
      DATABASE_READ_REPLICA_URL: ' postgresql://one/x\tpostgres://two/x ',
    };
    expect(optionsFromEnv(env)._unsafeUnwrap().database).toEqual({
      url: 'postgresql://db/x',
      replicaUrls: ['postgresql://one/x', 'postgres://two/x'],
    });
  });

  it('build a Redis URL from its parts, with the password escaped', () => {
    const env = { REDIS_HOST: 'cache', REDIS_PORT: '6380', REDIS_DB: '3', REDIS_PASSWORD: 'p@ss/word:#' };
    expect(optionsFromEnv(env)._unsafeUnwrap().cache).toEqual({
      url: 'redis://:p%40ss%2Fword%3A%23@cache:6380/3',
    });
    expect(optionsFromEnv({ REDIS_HOST: '::1' })._unsafeUnwrap().cache).toEqual({
      url: 'redis://[::1]:6379/0',
    });
  });

  it('prefer the URL to the parts', () => {
    const env = { REDIS_URL: 'redis://url', REDIS_HOST: 'host' };
    expect(optionsFromEnv(env)._unsafeUnwrap().cache).toEqual({ url: 'redis://url' });
  });

  it('leave Redis out when USE_REDIS says so', () => {
    expect(optionsFromEnv({ USE_REDIS: 'false', REDIS_URL: 'redis://x' })._unsafeUnwrap().cache).toEqual({});
  });

  it('name the schema and the prefix', () => {
    const env = { SLOTWISE_SCHEMA: 'hiring', SLOTWISE_CACHE_PREFIX: 'hiring' };
    expect(optionsFromEnv(env)._unsafeUnwrap()).toEqual({
      database: { embedded: true, schema: 'hiring' },
      cache: { prefix: 'hiring' },
    });
  });

  it('report what has no effect yet', () => {
    const env = {
      CACHE_DEFAULT_TTL_SECONDS: '60',
      DATABASE_READ_REPLICA_URL: 'postgresql://replica/x',
      DEBUG: '',
    };
    expect(optionsFromEnv(env)._unsafeUnwrap().unusedVariables).toEqual([
      'CACHE_DEFAULT_TTL_SECONDS',
      'DATABASE_READ_REPLICA_URL',
    ]);
  });

  it('switch metrics and the profiles of requests', () => {
    const metrics = (env: Record<string, string>): unknown => optionsFromEnv(env)._unsafeUnwrap().metrics;
    expect(metrics({ ENABLE_PERFORMANCE_MONITORING: 'true' })).toBeUndefined();
    expect(metrics({ ENABLE_PERFORMANCE_MONITORING: 'false', SLOW_QUERY_THRESHOLD_MS: '5' })).toBe(false);
    expect(metrics({ ENABLE_REQUEST_PROFILING: 'yes' })).toEqual({ profileRequests: true });
  });

  it('say what is slow, in milliseconds or else in seconds', () => {
    const slowMs = (env: Record<string, string>): unknown => optionsFromEnv(env)._unsafeUnwrap().metrics;
    expect(slowMs({ PERFORMANCE_SLOW_QUERY_THRESHOLD: '1.5' })).toEqual({ slowStatementMs: 1500 });
    expect(slowMs({ PERFORMANCE_SLOW_QUERY_THRESHOLD: '1.005' })).toEqual({ slowStatementMs: 1005 });
    expect(slowMs({ PERFORMANCE_SLOW_QUERY_THRESHOLD: '1.5', SLOW_QUERY_THRESHOLD_MS: '250' })).toEqual({
      slowStatementMs: 250,
    });
  });

  it.each([
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgresql://x', DATABASE_READ_REPLICA_URL: 'y' }, 'DATABASE_READ_REPLICA_URL'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL'],
    [{ REDIS_HOST: 'x', REDIS_PORT: '65536' }, 'REDIS_PORT'],
    [{ REDIS_HOST: 'x', REDIS_PORT: '63 79' }, 'REDIS_PORT'],
    [{ REDIS_HOST: 'x', REDIS_DB: '-1' }, 'REDIS_DB'],
    [{ USE_REDIS: 'maybe' }, 'USE_REDIS'],
    [{ ENABLE_REQUEST_PROFILING: 'some' }, 'ENABLE_REQUEST_PROFILING'],
    [{ SLOW_QUERY_THRESHOLD_MS: 'slow' }, 'SLOW_QUERY_THRESHOLD_MS'],
    [{ SLOW_QUERY_THRESHOLD_MS: '1.5' }, 'SLOW_QUERY_THRESHOLD_MS'],
    [{ SLOW_QUERY_THRESHOLD_MS: '0' }, 'SLOW_QUERY_THRESHOLD_MS'],
    [{ PERFORMANCE_SLOW_QUERY_THRESHOLD: 'fast' }, 'PERFORMANCE_SLOW_QUERY_THRESHOLD'],
    [{ PERFORMANCE_SLOW_QUERY_THRESHOLD: '0.0001' }, 'PERFORMANCE_SLOW_QUERY_THRESHOLD'],
    [{ USE_REDIS: 'true' }, 'USE_REDIS'],
  ])('refuse %j and name the variable', (env, key) => {
    expect(optionsFromEnv(env)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });

  it('never repeat a secret in an error', () => {
    const error = optionsFromEnv({ DATABASE_URL: 'mysql://user:secret@db/x' })._unsafeUnwrapErr();
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

describe('an environment that is none', () => {
  it.each([undefined, null, 5, 'DATABASE_URL=x', Symbol('env')])('is a Config error: %s', (env) => {
    expect(optionsFromEnv(env as never)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key: 'env' });
  });

  it.each([5, null, {}, Symbol('x')])('has text and nothing else: %s', (value) => {
    expect(optionsFromEnv({ REDIS_HOST: value as never })._unsafeUnwrapErr()).toEqual({
      type: 'Config',
      key: 'REDIS_HOST',
      message: 'must be text',
    });
    expect(optionsFromEnv({ OF_SOMEBODY_ELSE: value as never }).isOk()).toBe(true);
  });
});

describe('checking the options', () => {
  it('fills in the defaults', () => {
    const { database, cache, policy } = parseOptions({})._unsafeUnwrap();
    expect(database).toEqual({
      kind: 'embedded',
      embedded: true,
      schema: 'slotwise',
      acquireTimeoutMs: 5000,
      rows: [],
    });
    expect(cache).toMatchObject({ prefix: 'slotwise', commandTimeoutMs: 50, invalidationTimeoutMs: 500 });
    expect(policy.approval).toBe('manual');
  });

  it.each([
    [{ database: { url: 'http://x' } }, 'database.url'],
    [{ database: { url: 'postgresql://x', schema: 'a"; drop schema public; --' } }, 'database.schema'],
    [{ database: { url: 'postgresql://x', pool: { max: 0 } } }, 'database.pool.max'],
    [{ database: { url: 'postgresql://x', pool: { min: 3, max: 2 } } }, 'database.pool.min'],
    [
      { database: { url: 'postgresql://x', pool: { checkAfterIdleMs: -1 } } },
      'database.pool.checkAfterIdleMs',
    ],
    [{ database: { url: 'postgresql://x', lockTimeoutMs: 0 } }, 'database.lockTimeoutMs'],
    [{ database: { embedded: true, acquireTimeoutMs: -1 } as const }, 'database.acquireTimeoutMs'],
    [{ cache: { url: 'http://x' } }, 'cache.url'],
    [{ cache: { prefix: 'a b' } }, 'cache.prefix'],
    [{ cache: { prefix: '{tag}' } }, 'cache.prefix'],
    [{ cache: { commandTimeoutMs: 0 } }, 'cache.commandTimeoutMs'],
    [{ cache: { ttl: { slot: 8 * 86_400_000 } } }, 'cache.ttl.slot'],
    [{ cache: { l1: { maxEntries: 0 } } }, 'cache.l1.maxEntries'],
    [{ cache: { families: ['jobs', 'jobs:*'] } }, 'cache.families.1'],
    [{ cache: { warmOnStart: { pages: 0 } } }, 'cache.warmOnStart.pages'],
    [{ cache: { warmOnStart: { families: ['jobs' as never] } } }, 'cache.warmOnStart.families'],
    [{ queries: { maxSlow: -1 } }, 'queries.maxSlow'],
    [{ queries: { repeats: { atLeast: 1 } } }, 'queries.repeats.atLeast'],
    [{ policies: { booking: { holdMinutes: -1 } } }, 'policies.booking.holdMinutes'],
    [{ policies: { booking: { bufferBeforeMinutes: 241 } } }, 'policies.booking.bufferBeforeMinutes'],
  ])('refuses %j and names the option', (options, key) => {
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });

  it('refuses an option it does not know, because a typing error would be silent', () => {
    const options = { cache: { comandTimeoutMs: 10 } };
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({
      type: 'Config',
      key: 'cache.comandTimeoutMs',
    });
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, MAX_TTL_MS + 1, '60000', null])(
    'refuses a lifetime of %s milliseconds',
    (slot) => {
      expect(parseOptions({ cache: { ttl: { slot } } })._unsafeUnwrapErr()).toMatchObject({
        type: 'Config',
        key: 'cache.ttl.slot',
      });
    },
  );

  it('refuses a URL beside a client', () => {
    const options = { cache: { url: 'redis://x', client } };
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key: 'cache.client' });
  });
});

const timeoutTooLong = 2_147_483_648;
const { now, ...clockWithoutNow } = { now: () => 0 };

describe('options from JavaScript', () => {
  it.each<readonly [unknown, string]>([
    [null, 'options'],
    [5, 'options'],
    ['postgresql://x', 'options'],
    [[], 'options'],
    [Symbol('options'), 'options'],
    [{ databse: { url: 'postgresql://x' } }, 'databse'],
    [{ orm: {} }, 'orm'],
    [{ database: null }, 'database'],
    [{ database: { url: 'postgresql://x', replicaUrls: 'postgresql://y' } }, 'database.replicaUrls'],
    [{ database: { url: 'postgresql://x', replicaUrls: ['http://y'] } }, 'database.replicaUrls.0'],
    [
      { database: { url: 'postgresql://x', replicaUrls: ['postgresql://a:b,c:d/x'] } },
      'database.replicaUrls.0',
    ],
    [{ database: { url: 'postgresql://x', replicaUrls: ['postgresql://y/d%zz'] } }, 'database.replicaUrls.0'],
    [{ database: { url: 'postgresql://x', maxReplicaLagMs: 4999 } }, 'database.maxReplicaLagMs'],
    [{ database: { embedded: true, replicaUrls: [] } }, 'database.replicaUrls'],
    [{ database: 'x' }, 'database'],
    [{ database: [] }, 'database'],
    [{ database: { orm: null } }, 'database.orm'],
    [{ database: { orm: {} } }, 'database.orm'],
    [{ database: { orm: { em: { fork: () => undefined } } } }, 'database.orm'],
    [{ database: { embedded: true, url2: 'x' } }, 'database.url2'],
    [{ database: { embedded: true, rows: {} } }, 'database.rows'],
    [{ database: { embedded: true, rows: [{ name: 'job' }] } }, 'database.rows.0'],
    [{ cache: { warmOnStart: 5 } }, 'cache.warmOnStart'],
    [{ cache: null }, 'cache'],
    [{ cache: true }, 'cache'],
    [{ cache: 'redis://x' }, 'cache'],
    [{ cache: { client: null } }, 'cache.client'],
    [{ cache: { client: {} } }, 'cache.client'],
    [{ cache: { client: { ...client, info: undefined } } }, 'cache.client'],
    [{ queries: null }, 'queries'],
    [{ queries: { repeats: true } }, 'queries.repeats'],
    [{ policies: null }, 'policies'],
    [{ policies: { bookings: {} } }, 'policies.bookings'],
    [{ policies: { booking: null } }, 'policies.booking'],
    [{ policies: { booking: { holdMinuts: 5 } } }, 'policies.booking.holdMinuts'],
    [{ logger: null }, 'logger'],
    [{ logger: { info: () => undefined } }, 'logger'],
    [{ clock: null }, 'clock'],
    [{ clock: clockWithoutNow }, 'clock'],
    [{ instrumentation: null }, 'instrumentation'],
    [{ instrumentation: { statement: 5 } }, 'instrumentation'],
    [{ unusedVariables: 'DEBUG' }, 'unusedVariables'],
    [{ unusedVariables: [Symbol('DEBUG')] }, 'unusedVariables.0'],
  ])('are refused without a throw, by name: case %#', (options, key) => {
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });

  it.each([
    ['acquireTimeoutMs', { acquireTimeoutMs: timeoutTooLong }],
    ['connectTimeoutMs', { connectTimeoutMs: timeoutTooLong }],
    ['statementTimeoutMs', { statementTimeoutMs: timeoutTooLong }],
    ['pool.idleTimeoutMs', { pool: { idleTimeoutMs: timeoutTooLong } }],
    ['pool.maxLifetimeMs', { pool: { maxLifetimeMs: timeoutTooLong } }],
    ['pool.checkAfterIdleMs', { pool: { checkAfterIdleMs: timeoutTooLong } }],
    ['lockTimeoutMs', { lockTimeoutMs: timeoutTooLong }],
    ['idleInTransactionTimeoutMs', { idleInTransactionTimeoutMs: timeoutTooLong }],
  ])('set no timer that would fire at once: database.%s', (key, given) => {
    const database = { url: 'postgresql://x', ...given };
    expect(parseOptions({ database })._unsafeUnwrapErr().key).toBe(`database.${key}`);
  });

  it.each([
    ['commandTimeoutMs', { commandTimeoutMs: timeoutTooLong }],
    ['invalidationTimeoutMs', { invalidationTimeoutMs: timeoutTooLong }],
    // Probes grow apart up to five times this.
    ['breaker.probeIntervalMs', { breaker: { probeIntervalMs: timeoutTooLong / 5 + 1 } }],
  ])('set no timer that would fire at once: cache.%s', (key, cache) => {
    expect(parseOptions({ cache })._unsafeUnwrapErr().key).toBe(`cache.${key}`);
  });

  it('may be left out one by one, and keep what the host lends as it is', () => {
    const nothing = [
      'database',
      'cache',
      'clock',
      'logger',
      'instrumentation',
      'policies',
      'unusedVariables',
    ];
    expect(parseOptions(Object.fromEntries(nothing.map((name) => [name, undefined]))).isOk()).toBe(true);
    expect(parseOptions(undefined).isOk()).toBe(true);
    const orm = { em: { getConnection: () => undefined }, config: { get: () => undefined } };
    const clock = { now };
    const parsed = parseOptions({ clock, instrumentation: {}, database: { orm }, cache: { client } });
    expect(parsed._unsafeUnwrap().database).toMatchObject({ kind: 'borrowed' });
    expect(parsed.map(({ database }) => 'orm' in database && database.orm)._unsafeUnwrap()).toBe(orm);
    const target = parsed.map(({ cache }) => cache !== false && cache.redis)._unsafeUnwrap();
    expect(target).toMatchObject({ kind: 'client' });
    expect(target && 'client' in target && target.client).toBe(client);
  });
});
