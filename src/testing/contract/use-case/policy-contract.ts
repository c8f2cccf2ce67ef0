import assert from 'node:assert/strict';
import type { BookingPolicy } from '../../../domain/booking/booking-policy.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const HOUR = 60 * MINUTE;

/** Everything differs from the defaults. */
const strict: Partial<BookingPolicy> = {
  approval: 'auto',
  holdMinutes: 7,
  offerMinutes: 30,
  minNoticeMinutes: 120,
  horizonMinutes: 7 * 24 * 60,
  bufferBeforeMinutes: 10,
  bufferAfterMinutes: 5,
  freezeMinutes: 300,
  maxActivePerCandidate: 2,
};

/** A further slot on the board, this many milliseconds from now. */
async function slotIn(sdk: Slotwise, { recruiter, city }: Board, milliseconds: number) {
  const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(milliseconds))));
  return expectOk(seedSlot(sdk, { recruiter, city, startsAt, purpose: 'intro_day' }));
}

export const policyContract: ContractSuite = contractSuite(
  'a policy',
  (test) => {
    test('with automatic approval: books at once, also what was held before', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { slot, candidate } = board;
      const command = { slotId: slot.id, candidateId: candidate.id };
      const held = await expectOk(sdk.booking.hold(command));
      assert.equal(held.state, 'held');
      const booked = await expectOk(sdk.booking.reserve(command));
      assert.deepEqual([booked.id, booked.state, booked.expiresAt], [held.id, 'booked', undefined]);
      assert.ok(booked.approvedAt);
      const another = await slotIn(sdk, board, 48 * HOUR);
      const direct = await expectOk(sdk.booking.reserve({ ...command, slotId: another.id }));
      assert.deepEqual([direct.state, direct.approvedAt], ['booked', direct.createdAt]);
      const stored = await expectOk(sdk.read.slots.get(another.id));
      assert.deepEqual([stored.status, stored.holdExpiresAt], ['booked', undefined]);
    });

    test('with times of its own: holds and offers last as long as it says', async (sdk) => {
      const board = await expectOk(seedBoard(sdk, { candidates: 2 }));
      const { slot, candidate, candidates, city } = board;
      const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
      assert.ok(held.expiresAt?.equals(held.createdAt.plus(7 * MINUTE)));
      const another = await slotIn(sdk, board, 48 * HOUR);
      const wish = { candidateId: candidates[1]?.id ?? 0, cityId: city.id, purpose: 'intro_day' };
      await expectOk(sdk.waitlist.join(wish));
      const offer = await expectOk(sdk.waitlist.offerNext({ slotId: another.id }));
      assert.ok(offer?.booking.expiresAt?.equals(offer.booking.createdAt.plus(30 * MINUTE)));
    });

    test('with limits: a city takes them away for itself', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { city, candidate } = board;
      const candidateId = candidate.id;
      const far = await slotIn(sdk, board, 8 * 24 * HOUR);
      const reserve = (slotId: number) => sdk.booking.reserve({ slotId, candidateId });
      await refuses(sdk, { slots: [far] }, () => reserve(far.id), 'TooEarly');
      await expectOk(
        sdk.transaction((uow) =>
          city
            .changePolicy({ horizonMinutes: null, maxActivePerCandidate: null })
            .asyncAndThen((changed) => uow.cities.update(changed)),
        ),
      );
      await expectOk(reserve(far.id));
      for (const hours of [24, 48, 72]) await expectOk(reserve((await slotIn(sdk, board, hours * HOUR)).id));
    });

    test('with notice and horizon: refuses what starts too soon or too far ahead', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const candidateId = board.candidate.id;
      const soon = await slotIn(sdk, board, HOUR);
      const far = await slotIn(sdk, board, 8 * 24 * HOUR);
      for (const command of ['hold', 'reserve'] as const) {
        const witnesses = { slots: [soon, far], candidates: [board.candidate] };
        await refuses(
          sdk,
          witnesses,
          () => sdk.booking[command]({ slotId: soon.id, candidateId }),
          'TooLate',
          { deadline: soon.startsAt.plus(-2 * HOUR) },
        );
        await refuses(
          sdk,
          witnesses,
          () => sdk.booking[command]({ slotId: far.id, candidateId }),
          'TooEarly',
          { opensAt: far.startsAt.plus(-7 * 24 * HOUR) },
        );
      }
    });

    test('with a freeze window: binds the candidate, not the recruiter', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { candidate, recruiter } = board;
      const free = await slotIn(sdk, board, 4 * HOUR);
      const { slot, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state: 'booked' }));
      const cancel = (kind: 'candidate' | 'recruiter', id: number) =>
        sdk.booking.cancel({ bookingId: booking.id, actor: { kind, id }, reason: 'because' });
      await refuses(
        sdk,
        { slots: [slot], candidates: [candidate] },
        () => cancel('candidate', candidate.id),
        'FreezeWindow',
        { frozenSince: slot.startsAt.plus(-5 * HOUR) },
      );
      await expectOk(cancel('recruiter', recruiter.id));
    });

    test('with a maximum: refuses one booking more, until one has ended', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { candidate } = board;
      const slots = [];
      for (const hours of [24, 48, 72]) slots.push(await slotIn(sdk, board, hours * HOUR));
      const [first, second, third] = slots;
      assert.ok(first && second && third);
      const reserve = (slotId: number) => sdk.booking.reserve({ slotId, candidateId: candidate.id });
      const booking = await expectOk(reserve(first.id));
      await expectOk(reserve(second.id));
      await refuses(sdk, { slots, candidates: [candidate] }, () => reserve(third.id), 'TooManyBookings', {
        candidateId: candidate.id,
        limit: 2,
      });
      await expectOk(sdk.booking.cancel({ bookingId: booking.id, actor: { kind: 'system' } }));
      await expectOk(reserve(third.id));
    });

    test('with a maximum: holds also when the bookings come at the same time', async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const slots = [];
      for (const hours of [24, 48, 72, 96]) slots.push(await slotIn(sdk, board, hours * HOUR));
      const outcomes = await Promise.all(
        slots.map(async ({ id }) => sdk.booking.reserve({ slotId: id, candidateId: board.candidate.id })),
      );
      const lost = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
      assert.deepEqual(lost, ['TooManyBookings', 'TooManyBookings']);
    });

    test('with buffers: they hold for every slot that does not bring its own', async (sdk) => {
      const { recruiter, city, slot } = await expectOk(seedBoard(sdk));
      const publish = (startsAt: Instant, buffers: { bufferBeforeMinutes?: number } = {}) =>
        sdk.slots.publish({
          recruiterId: recruiter.id,
          cityId: city.id,
          startsAt,
          endsAt: startsAt.plus(30 * MINUTE),
          ...buffers,
        });
      await refuses(sdk, { slots: [slot] }, () => publish(slot.endsAt), 'SlotOverlap');
      const next = await expectOk(publish(slot.endsAt.plus(10 * MINUTE)));
      assert.ok(next.occupiedFrom.equals(slot.endsAt));
      assert.ok(next.occupiedUntil.equals(next.endsAt.plus(5 * MINUTE)));
      await refuses(
        sdk,
        { slots: [slot] },
        () => publish(next.endsAt, { bufferBeforeMinutes: 0 }),
        'SlotOverlap',
      );
      await expectOk(publish(next.endsAt.plus(5 * MINUTE), { bufferBeforeMinutes: 0 }));
    });
  },
  strict,
);
