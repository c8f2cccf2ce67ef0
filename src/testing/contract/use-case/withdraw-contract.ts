import assert from 'node:assert/strict';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const live: readonly BookingState[] = ['held', 'requested', 'booked', 'confirmed'];
const system: Actor = { kind: 'system' };

export const withdrawContract: ContractSuite = contractSuite('withdrawing a slot', (test) => {
  test('takes a free slot off the board and keeps its row', async (sdk) => {
    const { slot, recruiter, city } = await expectOk(seedBoard(sdk));
    const actor = { kind: 'recruiter', id: recruiter.id } as const;
    const withdrawn = await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor, reason: 'ill' }));
    assert.deepEqual([withdrawn.status, withdrawn.version], ['canceled', 2]);
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), withdrawn);
    assert.deepEqual(await expectOk(sdk.read.slots.getFreeForCity(city.id)), []);
  });

  for (const state of live)
    test(`cancels a ${state} booking, with who did it and why`, async (sdk) => {
      const { slot, candidate, recruiter } = await expectOk(seedBoard(sdk));
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state }));
      const actor = { kind: 'recruiter', id: recruiter.id } as const;
      const withdrawn = await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor, reason: 'ill' }));
      assert.deepEqual(
        [withdrawn.status, withdrawn.candidateId, withdrawn.currentBookingId, withdrawn.holdExpiresAt],
        ['canceled', undefined, undefined, undefined],
      );
      const ended = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
      assert.deepEqual(
        [ended.state, ended.endReason, ended.endedBy, ended.version],
        ['canceled', 'ill', actor, 2],
      );
      assert.ok(ended.endedAt);
    });

  test('is refused for a slot that is completed or withdrawn already', async (sdk) => {
    const { slots, candidate, candidates } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const [completed, canceled] = slots;
    assert.ok(completed && canceled);
    await expectOk(seedBooking(sdk, { slot: completed, candidate, state: 'completed' }));
    await expectOk(sdk.slots.withdraw({ slotId: canceled.id, actor: system }));
    const expected = [
      [completed, 'completed'],
      [canceled, 'canceled'],
    ] as const;
    for (const [slot, from] of expected)
      await refuses(
        sdk,
        { slots, candidates },
        () => sdk.slots.withdraw({ slotId: slot.id, actor: system }),
        'InvalidTransition',
        { command: 'withdraw', from, to: 'canceled' },
      );
  });

  test('needs a reason from a recruiter or an admin', async (sdk) => {
    const { slot, recruiter } = await expectOk(seedBoard(sdk));
    for (const actor of [{ kind: 'recruiter', id: recruiter.id }, { kind: 'admin' }] as const)
      await refuses(
        sdk,
        { slots: [slot] },
        () => sdk.slots.withdraw({ slotId: slot.id, actor }),
        'Validation',
        { field: 'reason' },
      );
    await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor: system }));
  });

  test('is refused to everybody but the recruiter and those above', async (sdk) => {
    const { slot, candidate, candidates } = await expectOk(seedBoard(sdk));
    await expectOk(seedBooking(sdk, { slot, candidate }));
    const colleague = await expectOk(seedRecruiter(sdk));
    for (const actor of [
      { kind: 'recruiter', id: colleague.id },
      { kind: 'candidate', id: candidate.id },
    ] as const)
      await refuses(
        sdk,
        { slots: [slot], candidates },
        () => sdk.slots.withdraw({ slotId: slot.id, actor, reason: 'no' }),
        'Forbidden',
        { command: 'withdraw', actor },
      );
  });

  test('is refused with input that is wrong', async (sdk) => {
    const { slot } = await expectOk(seedBoard(sdk));
    const withdraw = (slotId: number, reason: string) => () =>
      sdk.slots.withdraw({ slotId, actor: system, reason });
    await refuses(sdk, { slots: [slot] }, withdraw(UNKNOWN_ID, 'x'), 'SlotNotFound');
    for (const id of refusedIds)
      await refuses(sdk, { slots: [slot] }, withdraw(id, 'x'), 'Validation', { field: 'slotId' });
    for (const text of refusedTexts(textLimits.reason))
      await refuses(sdk, { slots: [slot] }, withdraw(slot.id, text), 'Validation', { field: 'reason' });
  });
});
