import assert from 'node:assert/strict';
import { okAsync, type ResultAsync } from 'neverthrow';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { BookingState } from '../../domain/booking/booking-state.ts';
import { Booking, type BookingProps } from '../../domain/booking/booking.ts';
import { moveBooking, startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import { slotInStatus } from '../../domain/slot/slot-in-status.ts';
import type { SlotStatus } from '../../domain/slot/slot-status.ts';
import { Slot, type Occupancy } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { unique } from '../seeds/unique.ts';
import { contractSuite, type ContractSuite, type Open } from './contract-subject.ts';
import { expectErr, expectOk } from './outcome.ts';

type Write = (uow: UnitOfWork) => ResultAsync<unknown, { readonly type: string }>;

const seeded = async (sdk: Slotwise, state: BookingState): Promise<Standing> => {
  const { slot, candidate } = await expectOk(seedBoard(sdk));
  return expectOk(seedBooking(sdk, { slot, candidate, state }));
};

const occupancyOf = ({ id, candidateId }: Booking): Occupancy => ({
  candidateId,
  currentBookingId: id,
  holdExpiresAt: undefined,
});

const changed = (booking: Booking, change: Partial<BookingProps>): Booking =>
  new Booking({ ...booking, ...change });

/** Writes, is refused at the end and leaves nothing: neither the rows in question nor what else was written. */
async function expectRefused(
  sdk: Slotwise,
  open: Open,
  { slot, booking }: Standing,
  write: Write,
): Promise<void> {
  assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
  const uow = open();
  const city = await expectOk(uow.cities.add({ name: unique('City'), timeZone: 'UTC' }));
  await expectOk(write(uow));
  const refused = { constraint: 'slot_booking_agree', sqlState: '23514' };
  await expectErr(uow.commit(), 'ConstraintViolation', refused);
  assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
  assert.deepEqual(await expectOk(sdk.transaction((later) => later.bookings.get(booking.id))), booking);
  assert.equal(await expectOk(sdk.read.cities.find(city.id)), undefined);
}

/** A slot and its booking may only change together, whoever writes them and by whatever methods. */
export const slotBookingAgreementContract: ContractSuite = contractSuite('a slot and its booking', (test) => {
  for (const status of ['free', 'canceled'] as const)
    test(`cannot part: a slot that becomes ${status} with a booking that stays live`, async (sdk, open) => {
      for (const state of ['held', 'requested', 'booked', 'confirmed'] as const) {
        const standing = await seeded(sdk, state);
        await expectRefused(sdk, open, standing, (uow) =>
          uow.slots.update(slotInStatus(standing.slot, status)),
        );
      }
    });

  test('cannot part: a slot made by hand', async (sdk, open) => {
    const standing = await seeded(sdk, 'booked');
    const free = { candidateId: undefined, currentBookingId: undefined, holdExpiresAt: undefined };
    await expectRefused(sdk, open, standing, (uow) =>
      uow.slots.update(new Slot({ ...standing.slot, status: 'free', ...free })),
    );
  });

  test('are in states that fit', async (sdk, open) => {
    const wrong: readonly (readonly [BookingState, SlotStatus])[] = [
      ['requested', 'booked'],
      ['held', 'confirmed'],
      ['booked', 'confirmed'],
      ['booked', 'completed'],
      ['confirmed', 'booked'],
      ['completed', 'booked'],
    ];
    for (const [state, status] of wrong) {
      const standing = await seeded(sdk, state);
      await expectRefused(sdk, open, standing, (uow) =>
        uow.slots.update(slotInStatus(standing.slot, status)),
      );
    }
  });

  test('move together: a booking alone cannot', async (sdk, open) => {
    const requested = await seeded(sdk, 'requested');
    await expectRefused(sdk, open, requested, (uow) =>
      uow.bookings.update(changed(requested.booking, { state: 'booked' })),
    );
    const booked = await seeded(sdk, 'booked');
    await expectRefused(sdk, open, booked, (uow) =>
      uow.bookings.update(changed(booked.booking, { state: 'canceled', endedAt: booked.booking.createdAt })),
    );
  });

  test('name the same candidate and purpose', async (sdk, open) => {
    const standing = await seeded(sdk, 'booked');
    const { slot, booking } = standing;
    const other = await expectOk(seedBoard(sdk));
    const candidateId = other.candidate.id;
    const writes: readonly Write[] = [
      (uow) => uow.slots.update(slotInStatus(slot, 'booked', { ...occupancyOf(booking), candidateId })),
      (uow) => uow.slots.update(new Slot({ ...slot, purpose: 'review' })),
      (uow) => uow.bookings.update(changed(booking, { candidateId })),
      (uow) => uow.bookings.update(changed(booking, { purpose: 'review' })),
    ];
    for (const write of writes) await expectRefused(sdk, open, standing, write);
  });

  test('are no pair once the booking has ended', async (sdk, open) => {
    for (const state of ['canceled', 'rejected', 'expired'] as const) {
      const standing = await seeded(sdk, state);
      await expectRefused(sdk, open, standing, (uow) =>
        uow.slots.update(slotInStatus(standing.slot, 'booked', occupancyOf(standing.booking))),
      );
    }
  });

  test('are a pair from the start: a live booking is added with its slot', async (sdk, open) => {
    const standing = await seeded(sdk, 'canceled');
    await expectRefused(sdk, open, standing, (uow) =>
      uow.bookings
        .nextId()
        .andThen((id) =>
          uow.bookings.add(
            changed(standing.booking, { id, state: 'booked', endedAt: undefined, endedBy: undefined }),
          ),
        ),
    );
  });

  test('may disagree until the end, and change in either order', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const uow = open();
    const at = await expectOk(uow.now());
    const id = await expectOk(uow.bookings.nextId());
    const start = startBooking('book', slot, { id, candidateId: candidate.id, at });
    const started = await expectOk(start.asyncAndThen((standing) => okAsync(standing)));
    const booking = await expectOk(uow.bookings.add(started.booking));
    const booked = await expectOk(uow.slots.update(started.slot));
    const move = moveBooking('confirm', { slot: booked, booking }, { at, actor: { kind: 'system' } });
    const moved = await expectOk(move.asyncAndThen((standing) => okAsync(standing)));
    await expectOk(uow.bookings.update(moved.booking));
    await expectOk(uow.slots.update(moved.slot));
    await expectOk(uow.commit());
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'confirmed');
  });

  test('are history once the booking has ended: it is never changed again', async (sdk) => {
    for (const state of ['completed', 'canceled', 'rejected', 'expired'] as const) {
      const { booking } = await seeded(sdk, state);
      const revived = changed(booking, { state: 'booked', endedAt: undefined, endedBy: undefined });
      for (const next of [revived, changed(booking, { endReason: 'rewritten' })]) {
        const refused = { constraint: 'booking_history_is_final', sqlState: '23514' };
        await expectErr(
          sdk.transaction((uow) => uow.bookings.update(next)),
          'ConstraintViolation',
          refused,
        );
      }
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), booking);
    }
  });
});
