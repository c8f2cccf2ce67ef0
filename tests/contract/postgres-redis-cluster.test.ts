import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slotwiseContract, type ContractSubject } from '../../src/testing/index.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { framework, PATIENT_MS, subjectOf } from './adapters.ts';

describeWithRedisServer('on a PostgreSQL server with a Redis Cluster', () =>
  describeWithPostgres('of three masters', () => {
    const database = new ScratchDatabase();
    let cluster: RedisCluster | undefined;
    const subject: ContractSubject = {
      create: (policies) =>
        subjectOf({
          database: database.options,
          cache: { cluster: { nodes: cluster?.nodes ?? [] }, commandTimeoutMs: PATIENT_MS },
        }).create(policies),
    };

    beforeAll(async () => {
      cluster = await RedisCluster.start();
    });

    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await cluster?.[Symbol.asyncDispose]();
    });

    slotwiseContract(framework, subject);

    describe('the servers', () => {
      it('were all used, and never asked for what others hold', async () => {
        for (const shard of cluster?.shards ?? []) {
          const master = await cluster?.masterOf(shard);
          const [keys, errors] = (await master?.ask((client) =>
            Promise.all([client.dbsize(), client.info('errorstats')]),
          )) ?? [0, ''];
          expect(keys).toBeGreaterThan(10);
          expect(errors).not.toMatch(/MOVED|ASK|CROSSSLOT/);
        }
      });
    });
  }),
);
