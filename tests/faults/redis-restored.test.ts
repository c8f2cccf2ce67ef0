import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { rename } from '../support/traffic.ts';

describeWithRedisServer('a Redis that is restored from a backup', () =>
  describeWithPostgres('with commits to PostgreSQL', () => {
    it('shows nothing from before commits that were acknowledged since, though nothing was changed afterwards', async () => {
      await using stack = new AsyncDisposableStack();
      const database = stack.use(new ScratchDatabase());
      const redis = stack.use(await RedisProcess.start());
      const cache = {
        url: redis.url,
        prefix: `restored:${randomBytes(6).toString('hex')}`,
        l1: false as const,
      };
      const open = async (): Promise<Slotwise> =>
        stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
      const [writer, reader] = [await open(), await open()];
      (await writer.migrate())._unsafeUnwrap();
      const { recruiter, slot, candidate, city } = (await seedBoard(writer))._unsafeUnwrap();
      const look = async (sdk: Slotwise) => ({
        name: (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap().name,
        active: (await sdk.read.recruiters.getActive())._unsafeUnwrap().map(({ name }) => name),
        status: (await sdk.read.slots.get(slot.id))._unsafeUnwrap().status,
        free: (await sdk.read.slots.getFreeForCity(city.id))._unsafeUnwrap().map(({ id }) => id),
      });

      const before = await look(reader);
      expect(before).toEqual({
        name: recruiter.name,
        active: [recruiter.name],
        status: 'free',
        free: [slot.id],
      });
      await expect
        .poll(async () => redis.ask((client) => client.keys('*:3:*')), { timeout: 2000 })
        .toHaveLength(4);
      const backup = await redis.snapshot();

      expect((await rename(writer, recruiter.id, 'Renamed')).invalidation).toBe('applied');
      (await writer.booking.reserve({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
      // Also without anything left over that a recovering node would act on.
      await expect.poll(async () => (await writer.health()).invalidation.backlog, { timeout: 2000 }).toBe(0);

      await redis.kill();
      await redis.restart(backup);
      for (const sdk of [reader, writer]) {
        await expect.poll(() => sdk.cache.stats().state, { timeout: 7000 }).toBe('up');
        const after = { name: 'Renamed', active: ['Renamed'], status: 'pending', free: [] };
        expect(await look(sdk)).toEqual(after);
      }
      expect(writer.cache.stats().deferredCommits).toBe(0);
    });
  }),
);
