import { randomBytes } from 'node:crypto';
import { Cluster, type ClusterNode, type ClusterOptions } from 'ioredis';
import { Cluster as Cluster6 } from 'ioredis-6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSlotwise,
  silentLogger,
  type CacheOptions,
  type CandidateId,
  type CommitReport,
  type Slotwise,
} from '../../../src/index.ts';
import { seedBoard } from '../../../src/testing/seeds/seed-board.ts';
import { Pair } from '../../support/pair.ts';
import { RedisCluster } from '../../support/redis-cluster.ts';
import { ScratchDatabase } from '../../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../../support/services.ts';
import { until } from '../../support/until.ts';

const LIMIT_MS = 5000;

/** What the statistics say of a piece of work. */
async function counted<T>(sdk: Slotwise, work: () => Promise<T>) {
  const before = sdk.cache.stats();
  const value = await work();
  const after = sdk.cache.stats();
  const more = (name: 'l2Hits' | 'misses' | 'bypassed'): number => after[name] - before[name];
  return { value, l2Hits: more('l2Hits'), misses: more('misses'), bypassed: more('bypassed') };
}

async function renameCandidate(
  sdk: Slotwise,
  id: CandidateId,
): Promise<CommitReport['invalidation'] | undefined> {
  let invalidation: CommitReport['invalidation'] | undefined;
  const renamed = await sdk.transaction(
    (uow) =>
      uow.candidates
        .get(id)
        .andThen((found) => found.rename('Renamed'))
        .andThen((found) => uow.candidates.update(found)),
    {
      onCommit: (report) => {
        ({ invalidation } = report);
      },
    },
  );
  renamed._unsafeUnwrap();
  return invalidation;
}

describeWithRedisServer('the cache on a Redis Cluster', () =>
  describeWithPostgres('in front of PostgreSQL', () => {
    let cluster: RedisCluster;

    beforeAll(async () => {
      cluster = await RedisCluster.start(['--cluster-require-full-coverage', 'no']);
    });

    afterAll(async () => {
      await cluster[Symbol.asyncDispose]();
    });

    async function opened(stack: AsyncDisposableStack, given: CacheOptions) {
      const database = stack.use(new ScratchDatabase());
      const cache = { prefix: `cluster:${randomBytes(6).toString('hex')}`, ...given };
      const open = async (): Promise<Slotwise> =>
        stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
      const sdk = await open();
      (await sdk.migrate())._unsafeUnwrap();
      return { sdk, open };
    }

    it('answers many entities from all masters in one go', async () => {
      await using stack = new AsyncDisposableStack();
      const { sdk } = await opened(stack, { cluster: { nodes: cluster.nodes }, l1: false });
      const board = (await seedBoard(sdk, { recruiters: 40 }))._unsafeUnwrap();
      const ids = board.recruiters.map(({ id }) => id);
      const look = () => counted(sdk, async () => (await sdk.read.recruiters.getMany(ids))._unsafeUnwrap());
      expect((await look()).misses).toBe(ids.length);
      await until('all of them stored', LIMIT_MS, async () => (await look()).l2Hits === ids.length);
      const again = await look();
      expect([...again.value.values()].map(({ id }) => id)).toEqual(ids);
      expect(again).toMatchObject({ l2Hits: ids.length, misses: 0, bypassed: 0 });
      expect(sdk.cache.stats().failures).toBe(0);
    });

    const releases = [
      {
        release: 'ioredis 5',
        connect: (nodes: ClusterNode[], options: ClusterOptions) => new Cluster(nodes, options),
      },
      {
        release: 'ioredis 6',
        // Typed by the release that is installed as `ioredis`; a host has only one of them.
        connect: (nodes: ClusterNode[], options: ClusterOptions) =>
          new Cluster6(nodes, options as never) as unknown as Cluster,
      },
    ];

    describe.each(releases)('lent as a client of $release', ({ connect }) => {
      it('hears of what others change, fails over, and leaves the client as it is', async () => {
        await using stack = new AsyncDisposableStack();
        const client = connect(cluster.nodes.slice(0, 2), { lazyConnect: true });
        await client.connect();
        stack.defer(() => client.disconnect());
        const pair = await Pair.open(stack, { client });
        await pair.hits('l1Hits');
        await pair.tells('First');
        await pair.hits('l1Hits');
        for (const shard of cluster.shards) await cluster.failover(shard);
        await pair.tells('Second');
        await pair.hits('l1Hits');
        for (const sdk of [pair.writer, pair.reader]) (await sdk.close())._unsafeUnwrap();
        expect(client.status).toBe('ready');
        expect(await client.set('still', 'usable')).toBe('OK');
      });
    });

    it('is warned of, once, where a url names one server of it, and the database answers', async () => {
      await using stack = new AsyncDisposableStack();
      const warnings: string[] = [];
      const logger = { ...silentLogger, warn: (_: object, message: string) => void warnings.push(message) };
      const database = stack.use(new ScratchDatabase());
      const cache = { url: cluster.servers[0]?.url ?? '', connections: 2 };
      const sdk = stack.use(
        (await createSlotwise({ database: database.options, cache, logger }))._unsafeUnwrap(),
      );
      (await sdk.migrate())._unsafeUnwrap();
      const { recruiters } = (await seedBoard(sdk, { recruiters: 10 }))._unsafeUnwrap();
      for (const { id } of recruiters) (await sdk.read.recruiters.get(id))._unsafeUnwrap();
      expect(warnings.filter((message) => message.includes('one of a Redis Cluster'))).toHaveLength(1);
    });

    it('goes on with the other masters when one is away for good', async () => {
      await using stack = new AsyncDisposableStack();
      const { sdk, open } = await opened(stack, { cluster: { nodes: cluster.nodes }, l1: false });
      const { candidates } = (await seedBoard(sdk, { candidates: 20 }))._unsafeUnwrap();
      const shardOf = (anchor: string) => cluster.shardOf(`{${anchor}}`);
      // Where the family is, too, on which all of them depend.
      const dead = cluster.shards.find((shard) => shard !== shardOf('candidates')) ?? shardOf('candidates');
      const [far, near] = [true, false].map(
        (isFar) => candidates.find(({ id }) => (shardOf(`candidate:${id}`) === dead) === isFar)?.id ?? 0,
      ) as [CandidateId, CandidateId];

      // The replica first, so that it does not take over.
      const master = await cluster.masterOf(dead);
      for (const server of dead.servers) if (server !== master) await server.kill();
      await master.kill();
      const other = await open();
      for (const node of [sdk, other]) {
        await until('a loss that is noticed', LIMIT_MS, () => node.cache.stats().state === 'degraded');
        expect((await node.health()).status).toBe('degraded');
        await until('hits on the other masters', LIMIT_MS, async () => {
          const { value, l2Hits } = await counted(node, async () => node.read.candidates.get(near));
          return value.isOk() && l2Hits === 1;
        });
        const read = await counted(node, async () => node.read.candidates.get(far));
        expect(read.value._unsafeUnwrap().id).toBe(far);
        expect(read).toMatchObject({ l2Hits: 0, bypassed: 1 });
      }
      expect(await renameCandidate(sdk, near)).toBe('applied');
      expect((await other.read.candidates.get(near))._unsafeUnwrap().fullName).toBe('Renamed');
      const startedAt = performance.now();
      expect(await renameCandidate(sdk, far)).toBe('deferred');
      expect(performance.now() - startedAt).toBeLessThan(400);
      for (const node of [sdk, other])
        expect((await node.read.candidates.get(far))._unsafeUnwrap().fullName).toBe('Renamed');
      await until(
        'the other row removed',
        LIMIT_MS,
        async () => (await sdk.health()).invalidation.backlog === 1,
      );

      for (const server of dead.servers) await server.restart();
      for (const node of [sdk, other])
        await until('the whole Cluster', 15_000, () => node.cache.stats().state === 'up');
      await until('nothing left to do', LIMIT_MS, async () => {
        return (await sdk.health()).invalidation.backlog === 0;
      });
      expect(await renameCandidate(sdk, far)).toBe('applied');
    });
  }),
);
