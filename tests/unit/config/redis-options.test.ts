import { Cluster, Redis, type ClusterNode, type ClusterOptions, type RedisOptions } from 'ioredis';
import { Cluster as Cluster6, Redis as Redis6 } from 'ioredis-6';
import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../../src/index.ts';
import type { RedisTarget } from '../../../src/infrastructure/cache/redis/redis-target.ts';
import { parseOptions, type ParsedCache } from '../../../src/infrastructure/config/parse-options.ts';

const nodes = [{ host: 'a', port: 7000 }];
const sentinel = { sentinels: [{ host: 's' }], name: 'main' };

function parsed(cache: unknown): ParsedCache {
  const options = parseOptions({ cache })._unsafeUnwrap();
  if (options.cache === false) throw new Error('the cache is off');
  return options.cache;
}

const targetOf = (cache: unknown): RedisTarget | undefined => parsed(cache).redis;
const errorOf = (cache: unknown): ConfigError => parseOptions({ cache })._unsafeUnwrapErr();

function seedsOf(cache: unknown): readonly string[] {
  const target = targetOf(cache);
  if (target?.kind !== 'cluster') throw new Error('not a Cluster');
  return target.seeds().map(({ host, port }) => `${host}:${port}`);
}

describe('where Redis is', () => {
  it('is nowhere when no option says so', () => {
    expect(targetOf({})).toBeUndefined();
  });

  it('is one server, encrypted when the URL or the options say so', () => {
    expect(targetOf({ url: 'redis://a' })).toEqual({ kind: 'server', url: 'redis://a', tls: undefined });
    expect(targetOf({ url: 'redis://a', tls: true })).toMatchObject({ tls: {} });
    expect(targetOf({ url: 'redis://a', tls: false })).toMatchObject({ tls: undefined });
    const ca = Buffer.from('certificate');
    expect(targetOf({ url: 'rediss://a', tls: { ca: [ca], servername: 'redis' } })).toMatchObject({
      tls: { ca: [ca], servername: 'redis' },
    });
  });

  it('is a Cluster, whose nodes are named by address or URL', () => {
    const cluster = { nodes: [...nodes, 'redis://b', '[::1]:7001', { host: 'c' }] };
    expect(seedsOf({ cluster })).toEqual(['a:7000', 'b:6379', '::1:7001', 'c:6379']);
  });

  it('is a Cluster, whose credentials may stand in a URL unless they are given for all', () => {
    const url = 'rediss://user:p%40ss@a:7000';
    const login = { username: 'user', password: 'p@ss', tls: {} };
    expect(targetOf({ cluster: { nodes: [url] } })).toMatchObject(login);
    const other = { username: 'other', password: 'secret', tls: { servername: 'x' } };
    expect(targetOf({ cluster: { nodes: [url], ...other } })).toMatchObject(other);
  });

  it('is a master that Sentinels know', () => {
    expect(targetOf({ sentinel: { ...sentinel, password: 'secret', tls: true } })).toEqual({
      kind: 'sentinel',
      sentinels: [{ host: 's', port: 26_379 }],
      name: 'main',
      password: 'secret',
      db: 0,
      tls: {},
    });
  });

  it.each([
    [{ url: 'redis://a', cluster: { nodes } }, 'cache.cluster'],
    [{ cluster: { nodes }, sentinel }, 'cache.sentinel'],
    [{ sentinel, client: new Redis({ lazyConnect: true }) }, 'cache.client'],
  ])('is in one place only: case %#', (cache, key) => {
    expect(errorOf(cache)).toMatchObject({ type: 'Config', key });
  });

  it.each<readonly [unknown, string]>([
    [{ url: 'redis://' + '['.repeat(2) }, 'cache.url'],
    [{ url: 'redis://:100%@a' }, 'cache.url'],
    [{ url: 'rediss://a', tls: { rejectUnauthorised: false } }, 'cache.tls.rejectUnauthorised'],
    [{ url: 'rediss://a', tls: { ca: 5 } }, 'cache.tls.ca'],
    [{ url: 'rediss://a', tls: { ca: ['x', 5] } }, 'cache.tls.ca.1'],
    [{ url: 'rediss://a', tls: 'yes' }, 'cache.tls'],
    [{ tls: true }, 'cache.tls'],
    [{ cluster: { nodes, tls: true }, tls: true }, 'cache.tls'],
    [{ cluster: { nodes: [] } }, 'cache.cluster.nodes'],
    [{ cluster: {} }, 'cache.cluster.nodes'],
    [{ cluster: { nodes: ['redis://a/1'] } }, 'cache.cluster.nodes.0'],
    [{ cluster: { nodes: ['a b'] } }, 'cache.cluster.nodes.0'],
    [{ cluster: { nodes: ['http://a'] } }, 'cache.cluster.nodes.0'],
    [{ cluster: { nodes: [{ host: 'a', port: 0 }] } }, 'cache.cluster.nodes.0.port'],
    [{ cluster: { nodes: [...nodes, { host: 'redis://a' }] } }, 'cache.cluster.nodes.1.host'],
    [{ cluster: { nodes: [{ host: 'a', prot: 1 }] } }, 'cache.cluster.nodes.0.prot'],
    [{ cluster: { nodes, natmap: {} } }, 'cache.cluster.natmap'],
    [{ cluster: { nodes, natMap: { 'a:1': { host: 'b' } } } }, 'cache.cluster.natMap'],
    [{ cluster: { nodes, db: 1 } }, 'cache.cluster.db'],
    [{ cluster: { nodes, password: '' } }, 'cache.cluster.password'],
    [{ sentinel: { sentinels: [{ host: 's' }] } }, 'cache.sentinel.name'],
    [{ sentinel: { ...sentinel, sentinels: [] } }, 'cache.sentinel.sentinels'],
    [{ sentinel: { ...sentinel, role: 'slave' } }, 'cache.sentinel.role'],
    [{ sentinel: { ...sentinel, db: -1 } }, 'cache.sentinel.db'],
    [{ connections: 0 }, 'cache.connections'],
    [{ connections: 9 }, 'cache.connections'],
    [{ maxInFlight: 0 }, 'cache.maxInFlight'],
    [{ keepAliveMs: -1 }, 'cache.keepAliveMs'],
    [{ pingIntervalMs: 2_147_483_648 }, 'cache.pingIntervalMs'],
    [{ connectTimeoutMs: 0.5 }, 'cache.connectTimeoutMs'],
  ])('is refused with the name of the option: case %#', (cache, key) => {
    expect(errorOf(cache)).toMatchObject({ type: 'Config', key });
  });

  it('never repeats a secret in an error', () => {
    const secrets = [
      { url: 'redis://:secret%@a' },
      { cluster: { nodes: ['redis://:secret@a/1'] } },
      { cluster: { nodes: [{ host: ':secret@a' }] } },
      { url: 'rediss://a', tls: { key: 5, passphrase: 'secret' } },
    ];
    for (const cache of secrets) expect(JSON.stringify(errorOf(cache))).not.toContain('secret');
  });

  it('says how it is connected to when nothing else is said', () => {
    const { maxInFlight, ...others } = parsed({});
    expect(maxInFlight).toBeUndefined();
    expect(others).toMatchObject({
      connections: 1,
      keepAliveMs: 30_000,
      pingIntervalMs: 30_000,
      connectTimeoutMs: 2000,
    });
  });
});

const releases = [
  { release: 'ioredis 5', Single: Redis, Many: Cluster },
  // Typed by the release that is installed as `ioredis`; a host has only one of them.
  {
    release: 'ioredis 6',
    Single: Redis6 as unknown as typeof Redis,
    Many: Cluster6 as unknown as typeof Cluster,
  },
];

describe.each(releases)('a client of $release', ({ Single, Many }) => {
  const cluster = (startup: ClusterNode[], options: ClusterOptions = {}): Cluster =>
    new Many(startup, { lazyConnect: true, ...options });
  const single = (options: RedisOptions): Redis => new Single({ lazyConnect: true, ...options });

  it('is used as it is when it is of a single server', () => {
    const client = single({});
    expect(targetOf({ client })).toEqual({ kind: 'client', client });
  });

  it('of a Cluster lends its addresses before it is connected', () => {
    const startup = ['redis://a:7000', 'b:7001', '[::1]:7002', 7003, { host: 'c', port: 7004 }, {}];
    expect(seedsOf({ client: cluster(startup) })).toEqual([
      'a:7000',
      'b:7001',
      '::1:7002',
      '127.0.0.1:7003',
      'c:7004',
      '127.0.0.1:6379',
    ]);
  });

  it('of a Cluster lends its credentials, encryption and NAT map', () => {
    const natMap = { 'a:1': { host: 'b', port: 2 } };
    const redisOptions = { username: 'user', password: 'secret', tls: { servername: 'x' } };
    expect(targetOf({ client: cluster(['a'], { natMap, redisOptions }) })).toMatchObject({
      natMap,
      ...redisOptions,
    });
    expect(targetOf({ client: cluster(['rediss://user:secret@a:1']) })).toMatchObject({
      username: 'user',
      password: 'secret',
      tls: {},
      natMap: undefined,
    });
  });

  it('is not asked for names that stand for several nodes', () => {
    expect(seedsOf({ client: cluster(['service'], { useSRVRecords: true }) })).toEqual([]);
  });

  it.each([
    ['reads replicas', () => cluster(['a'], { scaleReads: 'all' }), /scaleReads/],
    ['names no node', () => cluster([]), /node/],
    ['puts something before its keys', () => cluster(['a'], { keyPrefix: 'x:' }), /keyPrefix/],
    [
      'puts something before the keys of its nodes',
      () => cluster(['a'], { redisOptions: { keyPrefix: 'x:' } }),
      /keyPrefix/,
    ],
    ['puts something before its keys', () => single({ keyPrefix: 'x:' }), /keyPrefix/],
    ['is told to go to a replica', () => single({ ...sentinel, role: 'slave' as const }), /replica/],
    ['is told to only read', () => single({ readOnly: true }), /replica/],
  ])('is refused when it %s', (_, client, reason) => {
    const error = errorOf({ client: client() });
    expect(error.key).toBe('cache.client');
    expect(error.message).toMatch(reason);
  });

  it('is the one connection there is to a single server, and makes no difference for a Cluster', () => {
    expect(errorOf({ client: single({}), connections: 2 }).key).toBe('cache.connections');
    expect(parsed({ client: cluster(['a']), connections: 2 }).connections).toBe(2);
  });
});
