import { Redis } from 'ioredis';
import { Redis as Redis6 } from 'ioredis-6';
import { expect, it, vi } from 'vitest';
import { Pair } from '../../support/pair.ts';
import { RedisCluster } from '../../support/redis-cluster.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { RedisSentinel } from '../../support/redis-sentinel.ts';
import { describeWithPostgres, describeWithRedisServer } from '../../support/services.ts';
import { UnhandledRejections } from '../../support/unhandled-rejections.ts';

/** As in a host that has installed this release. */
vi.mock('ioredis', () => import('ioredis-6'));

const BACK_MS = 10_000;

describeWithRedisServer('with ioredis 6', () =>
  describeWithPostgres('beside PostgreSQL', () => {
    it('is what these tests run with', () => {
      expect(Redis).toBe(Redis6);
    });

    it('a server is used, and again after it was killed', async () => {
      await using stack = new AsyncDisposableStack();
      using unhandled = new UnhandledRejections();
      const redis = stack.use(await RedisProcess.start());
      const pair = await Pair.open(stack, { url: redis.url, connections: 2 });
      await pair.hits('l1Hits');
      await pair.tells('First');
      await redis.kill();
      expect(await pair.name()).toBe('First');
      await redis.restart();
      await pair.tells('Second', BACK_MS);
      await pair.hits('l1Hits', BACK_MS);
      expect(unhandled.seen).toEqual([]);
    });

    it('the masters of a Cluster are used, and others after a failover', async () => {
      await using stack = new AsyncDisposableStack();
      const cluster = stack.use(await RedisCluster.start());
      const pair = await Pair.open(stack, { cluster: { nodes: cluster.nodes.slice(0, 1) } });
      await pair.hits('l1Hits');
      await pair.tells('First');
      for (const shard of cluster.shards) await cluster.failover(shard);
      await pair.tells('Second', BACK_MS);
      await pair.hits('l1Hits', BACK_MS);
      expect(pair.reader.cache.stats()).toMatchObject({ state: 'up', memory: 'up' });
    });

    it('the master that Sentinels name is used, and another one after a failover', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisSentinel.start());
      const pair = await Pair.open(stack, { sentinel: { sentinels: redis.addresses, name: redis.name } });
      await pair.hits('l1Hits');
      await pair.tells('First');
      await redis.failover();
      await pair.tells('Second', BACK_MS);
      await pair.hits('l1Hits', BACK_MS);
      expect(pair.reader.cache.stats()).toMatchObject({ state: 'up', memory: 'up' });
    });
  }),
);
