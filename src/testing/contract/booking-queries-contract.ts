import assert from 'node:assert/strict';
import { ok, safeTry } from 'neverthrow';
import type { BookingFilter } from '../../domain/booking/booking-queries.ts';
import type { BookingOutcome } from '../../domain/booking/booking-state.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { moveBooking, startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { PageRequest } from '../../domain/shared/page.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking, type SeedBookingError } from '../seeds/seed-booking.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { everyItem, pagesAgree, refusesWrongPages } from './paging-contract.ts';

const idsOf = (bookings: readonly Booking[]): readonly number[] => bookings.map(({ id }) => id);

const search = (sdk: Slotwise, filter?: BookingFilter, page?: PageRequest) =>
  sdk.transaction((uow) => uow.bookings.search(filter, page));

/** Takes a booking over to another slot, as rescheduling does. */
const moved = (sdk: Slotwise, from: Standing, to: Slot) =>
  sdk.transaction((uow) =>
    safeTry<Standing, SeedBookingError>(async function* () {
      const at = yield* uow.now();
      const id = yield* uow.bookings.nextId();
      const change = { at, actor: { kind: 'system' }, movedToId: id } as const;
      const left = yield* moveBooking('move', from, change);
      yield* uow.slots.update(left.slot);
      yield* uow.bookings.update(left.booking);
      const { candidateId } = from.booking;
      const started = yield* startBooking('book', to, { id, candidateId, at, movedFrom: from.booking });
      const slot = yield* uow.slots.update(started.slot);
      const booking = yield* uow.bookings.add(started.booking);
      return ok({ slot, booking });
    }),
  );

/** Ends a booking with what became of the interview. */
const completed = (sdk: Slotwise, standing: Standing, outcome: BookingOutcome) =>
  sdk.transaction((uow) =>
    safeTry<Booking, SeedBookingError>(async function* () {
      const at = yield* uow.now();
      const after = yield* moveBooking('complete', standing, { at, actor: { kind: 'system' }, outcome });
      yield* uow.slots.update(after.slot);
      return uow.bookings.update(after.booking);
    }),
  );

/** The views of bookings, live ones and history. */
export const bookingQueriesContract: ContractSuite = contractSuite('the views of bookings', (test) => {
  test('are searched by every part of a filter', async (sdk) => {
    const { slots, candidates, recruiters, city } = await expectOk(
      seedBoard(sdk, { recruiters: 2, candidates: 2 }),
    );
    const [first, second] = slots;
    const [ann, ben] = candidates;
    assert.ok(first && second && ann && ben);
    const requested = (await expectOk(seedBooking(sdk, { slot: first, candidate: ann }))).booking;
    const done = (await expectOk(seedBooking(sdk, { slot: second, candidate: ben, state: 'completed' })))
      .booking;
    const found = async (filter: BookingFilter) =>
      idsOf((await expectOk(search(sdk, { cityIds: [city.id], ...filter }))).items);
    assert.deepEqual(await found({}), [requested.id, done.id]);
    assert.deepEqual(await found({ candidateIds: [ben.id] }), [done.id]);
    assert.deepEqual(await found({ recruiterIds: [recruiters[0]?.id ?? 0] }), [requested.id]);
    assert.deepEqual(await found({ states: ['requested', 'held'] }), [requested.id]);
    assert.deepEqual(await found({ outcomes: ['attended'] }), []);
    assert.deepEqual(await found({ purposes: ['intro_day'] }), []);
    assert.deepEqual(await found({ from: first.startsAt, until: first.endsAt }), [requested.id, done.id]);
    assert.deepEqual(await found({ until: first.startsAt }), []);
    assert.deepEqual(await found({ from: first.endsAt }), []);
    assert.deepEqual(await found({ recruiterIds: [UNKNOWN_ID] }), []);
    const own = await expectOk(search(sdk, { candidateIds: [ann.id] }));
    assert.deepEqual(idsOf(own.items), [requested.id]);
  });

  test('are listed page by page, for a slot as well', async (sdk) => {
    const { slot, candidate, candidates } = await expectOk(seedBoard(sdk, { candidates: 4 }));
    let current = slot;
    const attempts: number[] = [];
    for (const one of candidates) {
      const seeded = await expectOk(seedBooking(sdk, { slot: current, candidate: one, state: 'rejected' }));
      current = seeded.slot;
      attempts.push(seeded.booking.id);
    }
    const forSlot = (page?: PageRequest) => sdk.transaction((uow) => uow.bookings.listForSlot(slot.id, page));
    assert.deepEqual(idsOf(await everyItem(forSlot, 1)), attempts);
    await pagesAgree(forSlot);
    await refusesWrongPages(forSlot);
    const found = (page?: PageRequest) => search(sdk, { cityIds: [slot.cityId] }, page);
    assert.deepEqual(idsOf(await everyItem(found, 3)), attempts);
    await pagesAgree(found);
    await refusesWrongPages(found);
    await pagesAgree((page) => sdk.transaction((uow) => uow.bookings.listForCandidate(candidate.id, page)));
  });

  test('count what is active: neither what has lapsed nor what is over', async (sdk) => {
    const { recruiters, slots, candidate, city } = await expectOk(
      seedBoard(sdk, { recruiters: 6, slotsPerRecruiter: 6 }),
    );
    const past = Instant.fromEpochMilliseconds(0);
    const active = () => expectOk(sdk.transaction((uow) => uow.bookings.countActive(candidate.id)));
    const seeds = [
      { state: 'requested' },
      { state: 'booked' },
      { state: 'held', expiresAt: past },
      { state: 'completed' },
      { state: 'canceled' },
    ] as const;
    const counts: number[] = [];
    for (const [index, seed] of seeds.entries()) {
      const { [index * 6 + index]: slot } = slots;
      assert.ok(slot);
      await expectOk(seedBooking(sdk, { slot, candidate, ...seed }));
      counts.push(await active());
    }
    assert.deepEqual(counts, [1, 2, 2, 2, 2]);
    const recruiter = recruiters.at(-1);
    assert.ok(recruiter);
    const over = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: past.plus(MINUTE) }));
    await expectOk(seedBooking(sdk, { slot: over, candidate, state: 'confirmed' }));
    assert.equal(await active(), 2);
    assert.equal(await expectOk(sdk.transaction((uow) => uow.bookings.countActive(UNKNOWN_ID))), 0);
  });

  test('count how many times the candidate, not the recruiter, did not come', async (sdk) => {
    const { slots, candidate } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const counts: number[] = [];
    for (const [index, outcome] of (
      ['recruiter_no_show', 'candidate_no_show', 'attended'] as const
    ).entries()) {
      const { [index]: slot } = slots;
      assert.ok(slot);
      const standing = await expectOk(seedBooking(sdk, { slot, candidate, state: 'confirmed' }));
      await expectOk(completed(sdk, standing, outcome));
      counts.push(await expectOk(sdk.transaction((uow) => uow.bookings.countNoShows(candidate.id))));
    }
    assert.deepEqual(counts, [0, 1, 1]);
    const missed = await expectOk(
      search(sdk, { candidateIds: [candidate.id], outcomes: ['candidate_no_show'] }),
    );
    assert.equal(missed.items.length, 1);
  });

  test('tell the history of a booking from each of its stations', async (sdk) => {
    const { slots, candidate } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const [first, second, third] = slots;
    assert.ok(first && second && third);
    const start = await expectOk(seedBooking(sdk, { slot: first, candidate, state: 'booked' }));
    const between = await expectOk(moved(sdk, start, second));
    const end = await expectOk(moved(sdk, between, third));
    const chain = [start, between, end].map(({ booking }) => Number(booking.id));
    for (const id of chain) {
      const history = await expectOk(sdk.transaction((uow) => uow.bookings.historyOf(id)));
      assert.deepEqual(idsOf(history), chain);
      assert.deepEqual(
        history.map(({ state, rescheduleCount }) => [state, rescheduleCount]),
        [
          ['moved', 0],
          ['moved', 1],
          ['booked', 2],
        ],
      );
    }
    await expectErr(
      sdk.transaction((uow) => uow.bookings.historyOf(UNKNOWN_ID)),
      'BookingNotFound',
    );
  });

  test('are refused for what is no id and no filter', async (sdk, open) => {
    const uow = open();
    for (const id of refusedIds) {
      await expectErr(uow.bookings.listForSlot(id), 'Validation', { field: 'slotId' });
      await expectErr(uow.bookings.countActive(id), 'Validation', { field: 'candidateId' });
      await expectErr(uow.bookings.countNoShows(id), 'Validation', { field: 'candidateId' });
      await expectErr(uow.bookings.historyOf(id), 'Validation', { field: 'bookingId' });
      await expectErr(uow.bookings.search({ candidateIds: [id] }), 'Validation', {
        field: 'candidateIds[0]',
      });
    }
    for (const [filter, field] of [
      [{ states: [] }, 'states'],
      [{ states: ['free'] }, 'states[0]'],
      [{ outcomes: ['late'] }, 'outcomes[0]'],
      [{ until: 'never' }, 'until'],
      [[], 'filter'],
    ] as const)
      await expectErr(uow.bookings.search(filter as never), 'Validation', { field });
  });
});
