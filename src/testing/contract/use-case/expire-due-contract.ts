import assert from 'node:assert/strict';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

const LONG_AGO = Instant.fromEpochMilliseconds(0);
const MOST = { limit: 1_000 };

/** Nothing that others have left behind counts in the tests that follow. */
const sweepAll = (sdk: Slotwise) => expectOk(sdk.booking.expireDue(MOST));

async function lapsed(sdk: Slotwise, state: BookingState) {
  const { slot, candidate } = await expectOk(seedBoard(sdk));
  return expectOk(seedBooking(sdk, { slot, candidate, state, expiresAt: LONG_AGO }));
}

async function over(sdk: Slotwise, state: BookingState, minutesAgo = 120) {
  const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
  const startsAt = await expectOk(
    sdk.transaction((uow) => uow.now().map((at) => at.plus(-minutesAgo * MINUTE))),
  );
  const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
  return expectOk(seedBooking(sdk, { slot, candidate, state }));
}

/** What time decides is written down by a sweeper. */
export const expireDueContract: ContractSuite = contractSuite('sweeping up', (test) => {
  test('expires what lapsed, completes what is over, and says how many of each', async (sdk) => {
    await sweepAll(sdk);
    const ended = [
      await lapsed(sdk, 'held'),
      await lapsed(sdk, 'held'),
      await lapsed(sdk, 'requested'),
      await lapsed(sdk, 'offered'),
      await over(sdk, 'booked'),
      await over(sdk, 'confirmed'),
    ];
    const untouched = [
      await expectOk(seedBoard(sdk).andThen((board) => seedBooking(sdk, { ...board, state: 'held' }))),
      await over(sdk, 'confirmed', 1),
      await over(sdk, 'completed'),
    ];
    const report = await expectOk(sdk.booking.expireDue(MOST));
    assert.deepEqual(report, { holds: 2, requests: 1, offers: 1, completed: 2 });
    const states = [];
    for (const { booking } of ended) {
      const { state, endedBy } = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
      states.push(state);
      assert.deepEqual(endedBy, { kind: 'system' });
    }
    const [expired, completed] = ['expired', 'completed'];
    assert.deepEqual(states, [expired, expired, expired, expired, completed, completed]);
    for (const { booking } of untouched)
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), booking);
    assert.deepEqual(await expectOk(sdk.booking.expireDue()), {
      holds: 0,
      requests: 0,
      offers: 0,
      completed: 0,
    });
  });

  test('takes as many as it is told to', async (sdk) => {
    await sweepAll(sdk);
    for (let count = 0; count < 3; count += 1) await lapsed(sdk, 'held');
    const holds = [];
    for (let turn = 0; turn < 3; turn += 1)
      holds.push((await expectOk(sdk.booking.expireDue({ limit: 2 }))).holds);
    assert.deepEqual(holds, [2, 1, 0]);
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN])
      await expectErr(sdk.booking.expireDue({ limit }), 'Validation', { field: 'limit' });
  });

  test('settles each once, however many sweep at a time', async (sdk) => {
    await sweepAll(sdk);
    for (let count = 0; count < 4; count += 1) await lapsed(sdk, 'requested');
    const reports = await Promise.all([1, 2, 3].map(() => expectOk(sdk.booking.expireDue(MOST))));
    assert.equal(
      reports.reduce((all, { requests }) => all + requests, 0),
      4,
    );
  });

  test('ends the request to reschedule a booking that lapsed', async (sdk) => {
    const { city, recruiter, slot, candidate } = await expectOk(seedBoard(sdk));
    await expectOk(seedSlot(sdk, { recruiter, city }));
    const soon = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(400))));
    const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, expiresAt: soon }));
    const actor = { kind: 'candidate', id: candidate.id } as const;
    const request = await expectOk(sdk.booking.requestReschedule({ bookingId: booking.id, actor }));
    for (let swept = 0; swept === 0; swept = (await sweepAll(sdk)).requests);
    const ended = await expectOk(sdk.transaction((uow) => uow.reschedules.get(request.id)));
    assert.deepEqual([ended.state, ended.decidedBy], ['superseded', { kind: 'system' }]);
  });
});
