import assert from 'node:assert/strict';
import { Result } from 'neverthrow';
import { Booking } from '../../domain/booking/booking.ts';
import { bookingStates, isLive } from '../../domain/booking/booking-state.ts';
import { moveBooking } from '../../domain/booking/transition-booking.ts';
import type { CandidateId, SlotId } from '../../domain/shared/id.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { assertSame, expectErr, expectOk } from './outcome.ts';
import { everyItem, refusesWrongPages } from './paging-contract.ts';

const seeded = (sdk: Slotwise) =>
  seedBoard(sdk).andThen(({ slot, candidate }) => seedBooking(sdk, { slot, candidate }));

/** What a `BookingRepository` does. */
export const bookingRepositoryContract: ContractSuite = contractSuite('a booking', (test) => {
  test('is read back the same, at version 1, whatever its state', async (sdk, open) => {
    for (const state of bookingStates) {
      const { slot: free, candidate } = await expectOk(seedBoard(sdk));
      const { slot, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
      assert.deepEqual([booking.state, booking.version, booking.live], [state, 1, isLive(state)]);
      const uow = open();
      assert.deepEqual(await expectOk(uow.bookings.get(booking.id)), booking);
      assert.deepEqual(await expectOk(uow.bookings.find(booking.id)), booking);
      const live = await expectOk(uow.bookings.findLiveForSlot(slot.id));
      assert.deepEqual(live, isLive(state) ? booking : undefined);
      assert.deepEqual(await expectOk(uow.bookings.lockWithSlot(booking.id)), { slot, booking });
      await expectOk(uow.rollback());
    }
  });

  test('answers absence as undefined or as BookingNotFound', async (sdk, open) => {
    const uow = open();
    assert.equal(await expectOk(uow.bookings.find(UNKNOWN_ID)), undefined);
    assert.equal(await expectOk(uow.bookings.findLiveForSlot(UNKNOWN_ID)), undefined);
    await expectErr(uow.bookings.get(UNKNOWN_ID), 'BookingNotFound');
    await expectErr(uow.bookings.lockWithSlot(UNKNOWN_ID), 'BookingNotFound');
    const none = await expectOk(uow.bookings.listForCandidate(UNKNOWN_ID));
    assertSame(none, { items: [] });
    await expectOk(uow.rollback());
  });

  test('refuses what is no id', async (sdk, open) => {
    const uow = open();
    for (const id of refusedIds) {
      await expectErr(uow.bookings.get(id), 'Validation');
      await expectErr(uow.bookings.find(id), 'Validation');
      await expectErr(uow.bookings.findLiveForSlot(id), 'Validation');
      await expectErr(uow.bookings.listForCandidate(id), 'Validation');
      await expectErr(uow.bookings.lockWithSlot(id), 'Validation');
    }
    await expectOk(uow.rollback());
  });

  test('gets an id of its own, also while others draw theirs', async (sdk, open) => {
    const drawn = await Promise.all(
      Array.from({ length: 5 }, () => expectOk(sdk.transaction((uow) => uow.bookings.nextId()))),
    );
    assert.equal(new Set(drawn).size, drawn.length);
    const uow = open();
    const lost = await expectOk(uow.bookings.nextId());
    await expectOk(uow.rollback());
    const next = await expectOk(sdk.transaction((later) => later.bookings.nextId()));
    assert.ok(!drawn.includes(next) && next !== lost);
  });

  test('belongs to a slot and a candidate that exist', async (sdk) => {
    const { booking } = await expectOk(seeded(sdk));
    const add = (change: { slotId?: SlotId; candidateId?: CandidateId }) =>
      sdk.transaction((uow) =>
        uow.bookings
          .nextId()
          .andThen((id) =>
            uow.bookings.add(
              new Booking({ ...booking, ...change, id, state: 'rejected', endedAt: booking.createdAt }),
            ),
          ),
      );
    await expectErr(add({ slotId: UNKNOWN_ID as SlotId }), 'SlotNotFound', { id: UNKNOWN_ID as SlotId });
    await expectErr(add({ candidateId: UNKNOWN_ID as CandidateId }), 'CandidateNotFound');
    await expectOk(add({}));
  });

  test('is the only live one of its slot, and the only one with its id', async (sdk) => {
    const { booking } = await expectOk(seeded(sdk));
    await expectErr(
      sdk.transaction((uow) => uow.bookings.add(booking)),
      'ConstraintViolation',
    );
    await expectErr(
      sdk.transaction((uow) =>
        uow.bookings.nextId().andThen((id) => uow.bookings.add(new Booking({ ...booking, id }))),
      ),
      'ConstraintViolation',
    );
  });

  test('raises its version with every update, together with its slot', async (sdk) => {
    const standing = await expectOk(seeded(sdk));
    const { slot, booking } = await expectOk(
      sdk.transaction((uow) =>
        uow
          .now()
          .andThen((at) =>
            moveBooking('approve', standing, { at, actor: { kind: 'admin', id: 7 } }).asyncAndThen((moved) =>
              uow.slots
                .update(moved.slot)
                .andThen((slotNow) =>
                  uow.bookings.update(moved.booking).map((now) => ({ slot: slotNow, booking: now })),
                ),
            ),
          ),
      ),
    );
    assert.deepEqual([slot.version, booking.version, slot.status, booking.state], [3, 2, 'booked', 'booked']);
    await expectErr(
      sdk.transaction((uow) => uow.bookings.update(standing.booking)),
      'StaleVersion',
      { id: booking.id, expected: 1, actual: 2 },
    );
    const unknown = new Booking({ ...booking, id: (UNKNOWN_ID + 1) as Booking['id'] });
    await expectErr(
      sdk.transaction((uow) => uow.bookings.update(unknown)),
      'BookingNotFound',
    );
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), booking);
  });

  test('is stored with others: all of them or none, in the order given', async (sdk) => {
    const standings = [await expectOk(seeded(sdk)), await expectOk(seeded(sdk)), await expectOk(seeded(sdk))];
    const approve = (batchSize?: number) =>
      sdk.transaction((uow) =>
        uow.now().andThen((at) =>
          Result.combine(
            standings
              .toReversed()
              .map((before) => moveBooking('approve', before, { at, actor: { kind: 'admin', id: 7 } })),
          ).asyncAndThen((moved) =>
            uow.slots.updateMany(moved.map(({ slot }) => slot)).andThen(() =>
              uow.bookings.updateMany(
                moved.map(({ booking }) => booking),
                batchSize === undefined ? {} : { batchSize },
              ),
            ),
          ),
        ),
      );
    for (const batchSize of [0, 1_001, 1.5]) await expectErr(approve(batchSize), 'Validation');
    const approved = await expectOk(approve(2));
    assert.deepEqual(
      approved.map(({ id, state, version }) => [id, state, version]),
      standings.toReversed().map(({ booking }) => [booking.id, 'booked', 2]),
    );
    const stored = await expectOk(
      sdk.transaction((uow) => uow.bookings.getMany(approved.map(({ id }) => id))),
    );
    for (const booking of approved) assert.deepEqual(stored.get(booking.id), booking);

    const [first, second] = approved;
    assert.ok(first && second);
    const unknown = new Booking({ ...first, id: (UNKNOWN_ID + 1) as Booking['id'] });
    const stale = new Booking({ ...second, version: 1 });
    const refused = await expectErr(
      sdk.transaction((uow) => uow.bookings.updateMany([first, unknown, stale])),
      'ItemsRefused',
    );
    assert.deepEqual('refused' in refused && refused.refused.map(({ index, error }) => [index, error.type]), [
      [1, 'BookingNotFound'],
      [2, 'StaleVersion'],
    ]);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(first.id))), first);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.updateMany([]))), []);
  });

  test('that has ended is not changed together with others either', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state: 'rejected' }));
    const changed = new Booking({ ...booking, endReason: 'another one' });
    await expectErr(
      sdk.transaction((uow) => uow.bookings.updateMany([changed])),
      'ConstraintViolation',
      { constraint: 'booking_history_is_final', operation: 'bookings.updateMany' },
    );
  });

  test('stays in the history of its candidate', async (sdk) => {
    const { slots, candidate, candidates } = await expectOk(
      seedBoard(sdk, { slotsPerRecruiter: 4, candidates: 2 }),
    );
    const mine: number[] = [];
    for (const [index, slot] of slots.entries()) {
      const [, stranger = candidate] = candidates;
      const owner = index === 1 ? stranger : candidate;
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate: owner, state: 'expired' }));
      if (owner === candidate) mine.push(booking.id);
    }
    const listed = await everyItem(
      (page) => sdk.transaction((uow) => uow.bookings.listForCandidate(candidate.id, page)),
      1,
    );
    assert.deepEqual(
      listed.map(({ id }) => Number(id)),
      mine,
    );
  });

  test('is listed from 1 to 100 at a time, and only from cursors that were given out', async (sdk) => {
    const { candidate } = await expectOk(seedBoard(sdk));
    await refusesWrongPages((page) =>
      sdk.transaction((uow) => uow.bookings.listForCandidate(candidate.id, page)),
    );
  });
});
