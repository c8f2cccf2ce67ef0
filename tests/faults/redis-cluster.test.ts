import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CacheOptions } from '../../src/index.ts';
import { describeUpheaval } from '../support/describe-upheaval.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import type { RedisProcess } from '../support/redis-process.ts';
import type { Upheaval } from '../support/run-under-traffic.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';

/** What every commit of the traffic bumps and a part of the reads depend on. */
const LIST = 'recruiters:active';

describeWithRedisServer('a Redis Cluster with traffic on all of it', () =>
  describeWithPostgres('with commits to PostgreSQL', () => {
    let cluster: RedisCluster;

    beforeAll(async () => {
      cluster = await RedisCluster.start();
    });

    afterAll(async () => {
      await cluster[Symbol.asyncDispose]();
    });

    /** Three SDKs on the Cluster, each told of one server, under keys of their own. */
    const caches = (prefix: string): Pick<Upheaval, 'writer' | 'reader' | 'bare'> => {
      const cache = (server: number): CacheOptions => ({
        cluster: { nodes: cluster.nodes.slice(server, server + 1) },
        prefix,
      });
      return { writer: cache(0), reader: cache(2), bare: cache(5) };
    };

    const onCluster = (happen: (prefix: string) => Promise<void>, heal?: Upheaval['heal']): Upheaval => {
      const prefix = `upheaval:${randomBytes(6).toString('hex')}`;
      return { ...caches(prefix), happen: () => happen(prefix), heal };
    };

    /** Of the shard that every commit depends on. */
    const endMaster = async (prefix: string, end: (master: RedisProcess) => Promise<void> | void) => {
      const shard = cluster.shardOf(`${prefix}:v:{${LIST}}`);
      const former = await cluster.masterOf(shard);
      await end(former);
      await cluster.promoted(shard, former);
      return former;
    };

    describeUpheaval(
      'a replica takes over in good order',
      () =>
        onCluster(async (prefix) => {
          await cluster.failover(cluster.shardOf(`${prefix}:v:{${LIST}}`));
        }),
      (run) => {
        it('is hardly noticed', () => {
          expect(run().disturbedForMs).toBeLessThan(3000);
        });
      },
    );

    describeUpheaval('a master is killed and replaced', () => {
      let former: RedisProcess | undefined;
      return onCluster(
        async (prefix) => {
          former = await endMaster(prefix, (master) => master.kill());
        },
        async () => {
          await former?.restart();
          await cluster.settled();
        },
      );
    });

    describeUpheaval('a master freezes, is replaced and goes on as a replica', () => {
      let former: RedisProcess | undefined;
      return onCluster(
        async (prefix) => {
          former = await endMaster(prefix, (master) => master.pause());
        },
        async () => {
          former?.resume();
          await cluster.settled();
        },
      );
    });

    describeUpheaval('slots get another master while their keys are in use', () =>
      onCluster(async (prefix) => {
        for (const anchor of ['recruiters', LIST, 'recruiter:1', 'recruiter:2']) {
          const key = `${prefix}:v:{${anchor}}`;
          const others = cluster.shards.filter((shard) => shard !== cluster.shardOf(key));
          for (const to of [...others, cluster.shardOf(key)]) await cluster.migrate(key, to);
        }
      }),
    );
  }),
);
