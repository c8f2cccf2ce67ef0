import assert from 'node:assert/strict';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import { slotInStatus } from '../../domain/slot/slot-in-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedCandidate } from '../seeds/seed-candidate.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { expectErr, expectOk } from './outcome.ts';

const after = (slot: Slot, minutes: number): Instant => slot.endsAt.plus(minutes * MINUTE);
const before = (slot: Slot, minutes: number): Instant => slot.startsAt.plus(-minutes * MINUTE);

const completed = (sdk: Slotwise, standing: Standing) =>
  sdk.transaction((uow) =>
    uow
      .now()
      .andThen((at) => moveBooking('complete', standing, { at, actor: { kind: 'system' } }))
      .andThen(({ slot, booking }) => uow.slots.update(slot).andThen(() => uow.bookings.update(booking))),
  );

/** The guards that hold whoever writes, and whatever was checked before. */
export const slotGuardsContract: ContractSuite = contractSuite('the guards of slots', (test) => {
  test('keep two slots of one recruiter apart, and let them touch', async (sdk) => {
    const { city, recruiter, slot } = await expectOk(seedBoard(sdk));
    const refused = [before(slot, 29), before(slot, -10), slot.startsAt, after(slot, -1)];
    for (const startsAt of refused)
      await expectErr(seedSlot(sdk, { recruiter, city, startsAt }), 'SlotOverlap', {
        recruiterId: recruiter.id,
      });
    await expectErr(
      seedSlot(sdk, { recruiter, city, startsAt: before(slot, 10), minutes: 60 }),
      'SlotOverlap',
    );
    for (const startsAt of [before(slot, 30), after(slot, 0)])
      await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
    assert.equal((await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id))).length, 3);
  });

  test('let two recruiters have the same time', async (sdk) => {
    const { slots } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    assert.deepEqual(slots[0]?.startsAt, slots[1]?.startsAt);
  });

  test('count the buffers of both neighbours', async (sdk) => {
    const { city, recruiter } = await expectOk(seedBoard(sdk));
    const buffers = { bufferBeforeMinutes: 10, bufferAfterMinutes: 20 };
    const first = await expectOk(seedSlot(sdk, { recruiter, city, ...buffers }));
    await expectErr(
      seedSlot(sdk, { recruiter, city, ...buffers, startsAt: after(first, 29) }),
      'SlotOverlap',
    );
    await expectOk(seedSlot(sdk, { recruiter, city, ...buffers, startsAt: after(first, 30) }));
  });

  test('let intro days overlap with anything', async (sdk) => {
    const { city, recruiter, slot } = await expectOk(seedBoard(sdk));
    const introDay = { recruiter, city, purpose: 'intro_day', startsAt: slot.startsAt };
    await expectOk(seedSlot(sdk, introDay));
    await expectOk(seedSlot(sdk, introDay));
  });

  test('ignore canceled slots, until one of them comes back', async (sdk) => {
    const { city, recruiter, slot } = await expectOk(seedBoard(sdk));
    const canceled = await expectOk(
      sdk.transaction((uow) => uow.slots.update(slotInStatus(slot, 'canceled'))),
    );
    await expectOk(seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt }));
    await expectErr(
      sdk.transaction((uow) => uow.slots.update(slotInStatus(canceled, 'free'))),
      'SlotOverlap',
    );
  });

  test('keep what one candidate has ahead apart by the displayed time, not by the buffers', async (sdk) => {
    const { city, slot, candidate } = await expectOk(seedBoard(sdk));
    const other = await expectOk(seedRecruiter(sdk));
    await expectOk(seedBooking(sdk, { slot, candidate }));
    const clash = await expectOk(seedSlot(sdk, { recruiter: other, city, startsAt: after(slot, -1) }));
    await expectErr(seedBooking(sdk, { slot: clash, candidate }), 'CandidateBusy', {
      candidateId: candidate.id,
    });
    assert.equal((await expectOk(sdk.read.slots.get(clash.id))).status, 'free');
    await expectOk(sdk.transaction((uow) => uow.slots.delete(clash.id)));
    const buffers = { bufferBeforeMinutes: 30, bufferAfterMinutes: 30 };
    const next = await expectOk(
      seedSlot(sdk, { recruiter: other, city, startsAt: after(slot, 0), ...buffers }),
    );
    await expectOk(seedBooking(sdk, { slot: next, candidate }));
  });

  test('allow a candidate one meeting ahead per recruiter and purpose', async (sdk) => {
    const { city, recruiter, slots, candidate } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2 }));
    const [first, second] = slots;
    assert.ok(first && second);
    const booked = await expectOk(seedBooking(sdk, { slot: first, candidate, state: 'booked' }));
    await expectErr(seedBooking(sdk, { slot: second, candidate }), 'DuplicateBooking', {
      candidateId: candidate.id,
      recruiterId: recruiter.id,
    });
    await expectOk(seedBooking(sdk, { slot: second, candidate: await expectOk(seedCandidate(sdk)) }));

    const review = await expectOk(seedSlot(sdk, { recruiter, city, purpose: 'review' }));
    await expectOk(seedBooking(sdk, { slot: review, candidate }));
    for (let day = 0; day < 2; day += 1) {
      const introDay = await expectOk(seedSlot(sdk, { recruiter, city, purpose: 'intro_day' }));
      await expectOk(seedBooking(sdk, { slot: introDay, candidate }));
    }

    await expectOk(completed(sdk, booked));
    const third = await expectOk(seedSlot(sdk, { recruiter, city }));
    await expectOk(seedBooking(sdk, { slot: third, candidate }));
  });

  test('tie the status of a slot to who has it', async (sdk) => {
    const { slot } = await expectOk(seedBoard(sdk));
    await expectErr(
      sdk.transaction((uow) => uow.slots.update(slotInStatus(slot, 'booked'))),
      'ConstraintViolation',
    );
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
  });

  test('let no slot point at a booking that is not there when the transaction ends', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const uow = open();
    const currentBookingId = await expectOk(uow.bookings.nextId());
    const occupancy = { candidateId: candidate.id, currentBookingId, holdExpiresAt: undefined };
    await expectOk(uow.slots.update(slotInStatus(slot, 'booked', occupancy)));
    await expectErr(uow.commit(), 'ConstraintViolation');
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
  });
});
