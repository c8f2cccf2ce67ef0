import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSlotwise, type CacheOptions, type RecruiterId, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { rename } from '../support/traffic.ts';
import { until } from '../support/until.ts';

const PING_MS = 400;
const SLACK_MS = 600;
const REPLICATED_MS = 10_000;
const COMES_BACK_MS = 7000;

const follow = async (server: RedisProcess, master: RedisProcess): Promise<void> => {
  await server.ask((client) => client.replicaof('127.0.0.1', master.port));
  await until('a replica in step', REPLICATED_MS, async () =>
    (await server.ask((client) => client.info('replication'))).includes('master_link_status:up'),
  );
};

const lead = (server: RedisProcess): Promise<unknown> =>
  server.ask((client) => client.call('REPLICAOF', 'NO', 'ONE'));

/** Two servers, the second one following the first, and two SDKs on the first. */
async function opened(stack: AsyncDisposableStack, options: CacheOptions = {}) {
  const database = stack.use(new ScratchDatabase());
  const started = async (): Promise<RedisProcess> =>
    stack.use(await RedisProcess.start(['--repl-diskless-sync-delay', '0']));
  const [first, second] = [await started(), await started()];
  await follow(second, first);
  const cache = { url: first.url, prefix: `demoted:${randomBytes(6).toString('hex')}`, ...options };
  const open = async (): Promise<Slotwise> =>
    stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
  const [writer, reader] = [await open(), await open()];
  (await writer.migrate())._unsafeUnwrap();
  const { recruiter } = (await seedBoard(writer))._unsafeUnwrap();
  return { first, second, writer, reader, recruiter };
}

const nameOf = async (sdk: Slotwise, id: RecruiterId): Promise<string> =>
  (await sdk.read.recruiters.get(id))._unsafeUnwrap().name;

const hitsOnce = (sdk: Slotwise, id: RecruiterId): Promise<void> =>
  until('a hit', 2000, async () => {
    const before = sdk.cache.stats();
    await nameOf(sdk, id);
    return sdk.cache.stats().l2Hits > before.l2Hits;
  });

const hitsOnceInMemory = (sdk: Slotwise, id: RecruiterId): Promise<void> =>
  until('a hit in memory', 3000, async () => {
    await nameOf(sdk, id);
    return sdk.cache.stats().l1Hits > 0;
  });

describeWithRedisServer('a master of Redis that is made a replica by hand', () =>
  describeWithPostgres('with commits to PostgreSQL', () => {
    it('is taken for another server when it leads again, though it ran on all the time', async () => {
      await using stack = new AsyncDisposableStack();
      const { first, second, writer, reader, recruiter } = await opened(stack, {
        l1: false,
        pingIntervalMs: PING_MS,
      });
      await hitsOnce(reader, recruiter.id);
      await until('a replica that has it all', REPLICATED_MS, async () => {
        const keys = (server: RedisProcess): Promise<number> => server.ask((client) => client.dbsize());
        return (await keys(first)) === (await keys(second));
      });

      // What the first one answers from here on is lost when it becomes the replica of the second.
      await lead(second);
      expect((await rename(writer, recruiter.id, 'Renamed')).invalidation).toBe('applied');
      expect(await nameOf(reader, recruiter.id)).toBe('Renamed');
      await follow(first, second);
      await lead(first);

      // Everything may be over before anybody has looked: that a link is up means something only once it has been lost.
      await until('the new name', PING_MS + COMES_BACK_MS, async () => {
        const names = await Promise.all([writer, reader].map((sdk) => nameOf(sdk, recruiter.id)));
        return names.every((name) => name === 'Renamed');
      });
      for (const sdk of [writer, reader])
        await until('the link', COMES_BACK_MS, () => sdk.cache.stats().state === 'up');
      for (let count = 0; count < 20; count += 1)
        for (const sdk of [writer, reader]) expect(await nameOf(sdk, recruiter.id)).toBe('Renamed');
    });

    it('is left within the interval of pings when nothing is written, and reads come from the database', async () => {
      await using stack = new AsyncDisposableStack();
      const { first, second, reader, recruiter } = await opened(stack, { pingIntervalMs: PING_MS });
      await hitsOnceInMemory(reader, recruiter.id);
      await lead(second);
      const demotedAt = performance.now();
      await first.ask((client) => client.replicaof('127.0.0.1', second.port));
      await until('no link', PING_MS + SLACK_MS, () => reader.cache.stats().state === 'degraded');
      console.log(`a demoted master was left after ${(performance.now() - demotedAt).toFixed(0)} ms`);
      const { bypassed } = reader.cache.stats();
      expect(await nameOf(reader, recruiter.id)).toBe(recruiter.name);
      expect(reader.cache.stats().bypassed).toBeGreaterThan(bypassed);
      await lead(first);
      await until('the link', COMES_BACK_MS, () => reader.cache.stats().state === 'up');
    });

    it('is left at the first write, which answers deferred and is made up for', async () => {
      await using stack = new AsyncDisposableStack();
      const { first, second, writer, recruiter } = await opened(stack);
      await lead(second);
      await first.ask((client) => client.replicaof('127.0.0.1', second.port));
      expect((await rename(writer, recruiter.id, 'Renamed')).invalidation).toBe('deferred');
      expect(writer.cache.stats().state).toBe('degraded');
      expect(await nameOf(writer, recruiter.id)).toBe('Renamed');
      await lead(first);
      await until('nothing left to do', COMES_BACK_MS, async () => {
        return (await writer.health()).invalidation.backlog === 0;
      });
      expect(await nameOf(writer, recruiter.id)).toBe('Renamed');
    });
  }),
);
