import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard, seedBooking } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
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
  it('counts transactions from one answer to the next', async () => {
    await using stack = new AsyncDisposableStack();
    const sdk = await migrated(stack, false);
    const activity = async () => (await sdk.diagnostics.activity())._unsafeUnwrap();
    const before = await activity();
    expect(before.commits).toBeGreaterThan(0);
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
