import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CacheOptions } from '../../src/index.ts';
import { describeUpheaval } from '../support/describe-upheaval.ts';
import type { RedisProcess } from '../support/redis-process.ts';
import { RedisSentinel } from '../support/redis-sentinel.ts';
import type { Upheaval } from '../support/run-under-traffic.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';

describeWithRedisServer('a master that Sentinels look after, with traffic', () =>
  describeWithPostgres('with commits to PostgreSQL', () => {
    let redis: RedisSentinel;

    beforeAll(async () => {
      redis = await RedisSentinel.start();
    });

    afterAll(async () => {
      await redis[Symbol.asyncDispose]();
    });

    const onSentinel = (happen: () => Promise<void>, heal?: Upheaval['heal']): Upheaval => {
      const cache: CacheOptions = {
        sentinel: { sentinels: redis.addresses, name: redis.name },
        prefix: `upheaval:${randomBytes(6).toString('hex')}`,
      };
      return { writer: cache, reader: cache, bare: cache, happen, heal };
    };

    /** Ends the master and waits for the other one; answers it. */
    const endMaster = async (end: (master: RedisProcess) => Promise<void> | void): Promise<RedisProcess> => {
      const former = await redis.master();
      if (former === undefined) throw new Error('the Sentinels do not agree on a master');
      await end(former);
      await redis.promoted(former);
      return former;
    };

    describeUpheaval(
      'the replica takes over and hands back in good order',
      () =>
        onSentinel(async () => {
          await redis.failover();
          await redis.settled();
          await redis.failover();
          await redis.settled();
        }),
      (run) => {
        it('is the same server in the end, of which nothing from before is believed', () => {
          expect(run().stats.after.breakerOpened).toBeGreaterThanOrEqual(2);
        });
      },
    );

    describeUpheaval('the master is killed and replaced', () => {
      let former: RedisProcess | undefined;
      return onSentinel(
        async () => {
          former = await endMaster((master) => master.kill());
        },
        async () => {
          await former?.restart();
          await redis.settled();
        },
      );
    });

    describeUpheaval('the master freezes, is replaced and goes on', () => {
      let former: RedisProcess | undefined;
      return onSentinel(
        async () => {
          former = await endMaster((master) => master.pause());
        },
        async () => {
          former?.resume();
          await redis.settled();
        },
      );
    });
  }),
);
