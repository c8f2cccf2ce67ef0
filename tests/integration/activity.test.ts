import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard, seedBooking } from '../../src/testing/index.ts';
import { usageOf } from '../../src/infrastructure/cache/redis/server-usage.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';
import { until } from '../support/until.ts';

async function migrated(stack: AsyncDisposableStack, cache: SlotwiseOptions['cache']): Promise<Slotwise> {
  const database = stack.use(new ScratchDatabase());
  const sdk = stack.use(
    (await createSlotwise({ database: database.options, cache: cache ?? false }))._unsafeUnwrap(),
  );
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
}

describeWithPostgres('the activity of a database', () => {
  it('counts connections, and transactions from one answer to the next', async () => {
    await using stack = new AsyncDisposableStack();
    const sdk = await migrated(stack, false);
    const activity = async () => (await sdk.diagnostics.activity())._unsafeUnwrap();
    const before = await activity();
    expect(before.connections).toBeGreaterThan(0);
    expect(before.maxConnections).toBeGreaterThanOrEqual(before.connections);
    (await seedBoard(sdk))._unsafeUnwrap();
    // PostgreSQL counts what a connection has done when that is idle for a moment.
    await until(
      'the commits are counted',
      15_000,
      async () => (await activity()).commits > before.commits + 3,
    );
  });

  it('counts the bookings of the last minute', async () => {
    await using stack = new AsyncDisposableStack();
    const sdk = await migrated(stack, false);
    const { slots, candidate } = (await seedBoard(sdk, { slotsPerRecruiter: 2 }))._unsafeUnwrap();
    for (const [index, slot] of slots.entries()) {
      expect((await sdk.diagnostics.activity())._unsafeUnwrap().bookingsInLastMinute).toBe(index);
      (await seedBooking(sdk, { slot, candidate, state: 'rejected' }))._unsafeUnwrap();
    }
  });
});

describeWithServers('the use of Redis', () => {
  it('grows with every look-up, and is not known without an answer', async () => {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisProcess.start());
    const sdk = await migrated(stack, { url: redis.url, l1: false });
    const usage = async () => (await sdk.cache.usage())._unsafeUnwrap();
    const { city } = (await seedBoard(sdk))._unsafeUnwrap();
    const before = await usage();
    expect(before).toMatchObject({ maxBytes: 0, evictions: 0 });
    expect(before.usedBytes).toBeGreaterThan(100_000);
    for (let reads = 0; reads < 3; reads += 1) (await sdk.read.cities.get(city.id))._unsafeUnwrap();
    const after = await usage();
    expect(after.hits).toBeGreaterThan(before.hits);
    expect(after.commands).toBeGreaterThan(before.commands);

    redis.pause();
    const error = (await sdk.cache.usage())._unsafeUnwrapErr();
    redis.resume();
    expect(error).toMatchObject({ type: 'CacheUnavailable', operation: 'usage' });
  });

  it('of several servers is the sum, without a limit where one has none', () => {
    const limited = 'used_memory:10\r\nmaxmemory:100\r\nkeyspace_hits:1\r\nkeyspace_misses:2\r\n';
    expect(usageOf([limited, limited])).toMatchObject({ usedBytes: 20, maxBytes: 200, hits: 2, misses: 4 });
    expect(usageOf([limited, limited.replace('100', '0')])).toMatchObject({ maxBytes: 0 });
  });
});
