import { describe, expect, it } from 'vitest';
import { optionsFromEnv } from '../../../src/index.ts';
import { parseOptions } from '../../../src/infrastructure/config/parse-options.ts';

type Env = Parameters<typeof optionsFromEnv>[0];

const cacheOf = (env: Env): unknown => {
  const options = optionsFromEnv(env)._unsafeUnwrap();
  // What the environment says must also be what the options may say.
  parseOptions(options)._unsafeUnwrap();
  return options.cache;
};

describe('Redis in the environment', () => {
  it('may be a Cluster', () => {
    const env = { REDIS_CLUSTER_NODES: 'a:7000, b,[::1]:7002', REDIS_PASSWORD: 'secret', REDIS_TLS: 'true' };
    expect(cacheOf(env)).toEqual({
      cluster: {
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 6379 },
          { host: '::1', port: 7002 },
        ],
        password: 'secret',
        tls: true,
      },
    });
  });

  it('may be found by Sentinels', () => {
    const env = {
      REDIS_SENTINELS: 'a:26380,b',
      REDIS_SENTINEL_NAME: 'main',
      REDIS_SENTINEL_PASSWORD: 'sentinel',
      REDIS_USERNAME: 'user',
      REDIS_PASSWORD: 'secret',
      REDIS_DB: '2',
    };
    expect(cacheOf(env)).toEqual({
      sentinel: {
        sentinels: [
          { host: 'a', port: 26_380 },
          { host: 'b', port: 26_379 },
        ],
        name: 'main',
        sentinelPassword: 'sentinel',
        username: 'user',
        password: 'secret',
        db: 2,
      },
    });
  });

  it('is encrypted when told to', () => {
    expect(cacheOf({ REDIS_URL: 'redis://a', REDIS_TLS: 'yes' })).toEqual({ url: 'redis://a', tls: true });
    expect(cacheOf({ REDIS_HOST: 'a', REDIS_TLS: '1' })).toEqual({ url: 'redis://a:6379/0', tls: true });
    expect(cacheOf({ REDIS_URL: 'redis://a', REDIS_TLS: 'false' })).toEqual({ url: 'redis://a' });
  });

  it('names the user with the password', () => {
    const env = { REDIS_HOST: 'a', REDIS_USERNAME: 'us:er', REDIS_PASSWORD: 'pass' };
    expect(cacheOf(env)).toEqual({ url: 'redis://us%3Aer:pass@a:6379/0' });
  });

  it('prefers the nodes of a Cluster to a host', () => {
    expect(cacheOf({ REDIS_CLUSTER_NODES: 'a', REDIS_HOST: 'b' })).toEqual({
      cluster: { nodes: [{ host: 'a', port: 6379 }] },
    });
  });

  it.each([
    ['1', 1],
    ['3', 3],
    ['50', 8],
    ['100', 8],
  ])('takes %s connections at most for %i', (most, connections) => {
    expect(cacheOf({ REDIS_URL: 'redis://a', REDIS_MAX_CONNECTIONS: most })).toEqual({
      url: 'redis://a',
      connections,
    });
  });

  it('has nothing to say about connections where there is no Redis', () => {
    expect(cacheOf({ REDIS_MAX_CONNECTIONS: '50', REDIS_TLS: 'true' })).toEqual({});
    expect(cacheOf({ USE_REDIS: 'no', REDIS_CLUSTER_NODES: 'a', REDIS_MAX_CONNECTIONS: '50' })).toEqual({});
  });

  it.each([
    [{ REDIS_URL: 'redis://a', REDIS_CLUSTER_NODES: 'b' }, 'REDIS_CLUSTER_NODES'],
    [{ REDIS_CLUSTER_NODES: 'b', REDIS_SENTINELS: 'c' }, 'REDIS_SENTINELS'],
    [{ REDIS_CLUSTER_NODES: 'a:7000,,b' }, 'REDIS_CLUSTER_NODES'],
    [{ REDIS_CLUSTER_NODES: 'a:70000' }, 'REDIS_CLUSTER_NODES'],
    [{ REDIS_CLUSTER_NODES: 'a', REDIS_DB: '1' }, 'REDIS_DB'],
    [{ REDIS_SENTINELS: 'a' }, 'REDIS_SENTINEL_NAME'],
    [{ REDIS_SENTINELS: 'a b', REDIS_SENTINEL_NAME: 'main' }, 'REDIS_SENTINELS'],
    [{ REDIS_URL: 'redis://:%@a' }, 'REDIS_URL'],
    [{ REDIS_URL: 'redis://a', REDIS_TLS: 'maybe' }, 'REDIS_TLS'],
    [{ REDIS_URL: 'redis://a', REDIS_MAX_CONNECTIONS: '0' }, 'REDIS_MAX_CONNECTIONS'],
    [{ REDIS_URL: 'redis://a', REDIS_MAX_CONNECTIONS: 'many' }, 'REDIS_MAX_CONNECTIONS'],
  ])('is refused when it makes no sense: %j', (env, key) => {
    expect(optionsFromEnv(env)._unsafeUnwrapErr()).toMatchObject({ type: 'Config', key });
  });
});
