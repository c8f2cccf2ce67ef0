import assert from 'node:assert/strict';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const actor = { kind: 'admin' } as const;
const reason = 'because';

/** A booking of a slot that started a minute ago. */
async function started(sdk: Slotwise, state: BookingState) {
  const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
  const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(-MINUTE))));
  const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
  const standing = await expectOk(seedBooking(sdk, { slot, candidate, state }));
  return { ...standing, witnesses: { slots: [standing.slot], candidates: [candidate] } };
}

/** What the clock decides about a booking, whatever the policy says. */
export const deadlinesContract: ContractSuite = contractSuite('the time of a command', (test) => {
  test('approve, confirm and cancel must come before the start', async (sdk) => {
    const cases = [
      ['approve', 'requested'],
      ['confirm', 'booked'],
      ['cancel', 'booked'],
      ['cancel', 'confirmed'],
    ] as const;
    for (const [command, state] of cases) {
      const { slot, booking, witnesses } = await started(sdk, state);
      const run = async () =>
        sdk.booking[command]({ bookingId: booking.id, actor, reason }).mapErr((error) => error);
      await refuses(sdk, witnesses, run, 'TooLate', { deadline: slot.startsAt });
    }
  });

  test('reject, release and the withdrawal of a free slot may come after the start', async (sdk) => {
    const rejected = await started(sdk, 'requested');
    await expectOk(sdk.booking.reject({ bookingId: rejected.booking.id, actor }));
    const released = await started(sdk, 'held');
    await expectOk(sdk.booking.release({ bookingId: released.booking.id, actor }));
    await expectOk(sdk.slots.withdraw({ slotId: released.slot.id, actor, reason }));
  });

  test('what somebody has is withdrawn before it starts', async (sdk) => {
    for (const state of ['requested', 'booked', 'confirmed'] as const) {
      const { slot, witnesses } = await started(sdk, state);
      const run = () => sdk.slots.withdraw({ slotId: slot.id, actor, reason });
      await refuses(sdk, witnesses, run, 'TooLate', { deadline: slot.startsAt });
    }
  });

  test('approve and reject must come before the request lapses', async (sdk) => {
    const expiresAt = Instant.fromEpochMilliseconds(Date.parse('2020-01-01T00:00:00Z'));
    for (const command of ['approve', 'reject'] as const) {
      const { slot, candidate } = await expectOk(seedBoard(sdk));
      const standing = await expectOk(seedBooking(sdk, { slot, candidate, expiresAt }));
      await refuses(
        sdk,
        { slots: [standing.slot], candidates: [candidate] },
        () => sdk.booking[command]({ bookingId: standing.booking.id, actor }),
        'HoldExpired',
        { bookingId: standing.booking.id, expiredAt: expiresAt },
      );
    }
  });

  test('the times of a booking are those of its commands', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { id: bookingId, createdAt } = await expectOk(
      sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }),
    );
    const approved = await expectOk(sdk.booking.approve({ bookingId, actor }));
    const confirmed = await expectOk(sdk.booking.confirm({ bookingId, actor }));
    const canceled = await expectOk(sdk.booking.cancel({ bookingId, actor, reason }));
    const { approvedAt, confirmedAt, endedAt, expiresAt } = canceled;
    assert.ok(approvedAt && confirmedAt && endedAt);
    assert.deepEqual(
      [approved.approvedAt, confirmed.confirmedAt, expiresAt],
      [approvedAt, confirmedAt, undefined],
    );
    const times = [createdAt, approvedAt, confirmedAt, endedAt].map((at) => at.epochMilliseconds);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });
});
