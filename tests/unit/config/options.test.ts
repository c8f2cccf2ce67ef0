import { describe, expect, it } from 'vitest';
import { optionsFromEnv } from '../../../src/index.ts';
import { parseOptions } from '../../../src/infrastructure/config/parse-options.ts';

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
      SLOW_QUERY_THRESHOLD_MS: '100',
      DATABASE_READ_REPLICA_URL: 'postgresql://replica/x',
      DEBUG: '',
    };
    expect(optionsFromEnv(env)._unsafeUnwrap().unusedVariables).toEqual([
      'DATABASE_READ_REPLICA_URL',
      'SLOW_QUERY_THRESHOLD_MS',
    ]);
  });

  it.each([
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL'],
    [{ REDIS_HOST: 'x', REDIS_PORT: '65536' }, 'REDIS_PORT'],
    [{ REDIS_HOST: 'x', REDIS_PORT: '63 79' }, 'REDIS_PORT'],
    [{ REDIS_HOST: 'x', REDIS_DB: '-1' }, 'REDIS_DB'],
    [{ USE_REDIS: 'maybe' }, 'USE_REDIS'],
    [{ USE_REDIS: 'true' }, 'USE_REDIS'],
  ])('refuse %j and name the variable', (env, key) => {
    expect(optionsFromEnv(env)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });

  it('never repeat a secret in an error', () => {
    const error = optionsFromEnv({ DATABASE_URL: 'mysql://user:secret@db/x' })._unsafeUnwrapErr();
    expect(JSON.stringify(error)).not.toContain('secret');
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
    });
    expect(cache).toMatchObject({ prefix: 'slotwise', commandTimeoutMs: 50, invalidationTimeoutMs: 500 });
    expect(policy.approval).toBe('manual');
  });

  it.each([
    [{ database: { url: 'http://x' } }, 'database.url'],
    [{ database: { url: 'postgresql://x', schema: 'a"; drop schema public; --' } }, 'database.schema'],
    [{ database: { url: 'postgresql://x', pool: { max: 0 } } }, 'database.pool.max'],
    [{ database: { embedded: true, acquireTimeoutMs: -1 } as const }, 'database.acquireTimeoutMs'],
    [{ cache: { url: 'http://x' } }, 'cache.url'],
    [{ cache: { prefix: 'a b' } }, 'cache.prefix'],
    [{ cache: { prefix: '{tag}' } }, 'cache.prefix'],
    [{ cache: { commandTimeoutMs: 0 } }, 'cache.commandTimeoutMs'],
    [{ cache: { ttl: { slot: 8 * 86_400_000 } } }, 'cache.ttl.slot'],
    [{ cache: { l1: { maxEntries: 0 } } }, 'cache.l1.maxEntries'],
    [{ policies: { booking: { holdMinutes: -1 } } }, 'policies.booking.holdMinutes'],
  ])('refuses %j and names the option', (options, key) => {
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });

  it('refuses an option it does not know, because a typing error would be silent', () => {
    const options = { cache: { comandTimeoutMs: 10 } } as unknown as Parameters<typeof parseOptions>[0];
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key: 'cache' });
  });

  it('refuses a URL beside a client', () => {
    const options = { cache: { url: 'redis://x', client: {} } } as unknown as Parameters<
      typeof parseOptions
    >[0];
    expect(parseOptions(options)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key: 'cache.client' });
  });
});
