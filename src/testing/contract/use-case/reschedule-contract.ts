import assert from 'node:assert/strict';
import type { BookingPolicy, PolicyOverrides } from '../../../domain/booking/booking-policy.ts';
import { bookingStates, type BookingState } from '../../../domain/booking/booking-state.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses, type Witnesses } from './unchanged.ts';

const admin: Actor = { kind: 'admin', id: 1 };
const HOUR = 60 * MINUTE;
const movable = ['requested', 'booked', 'confirmed'] as const;

interface Scene {
  readonly board: Board;
  readonly booking: Booking;
  /** The booking's slot, and a free one of the same recruiter an hour later. */
  readonly from: Slot;
  readonly to: Slot;
  readonly candidate: Actor;
  readonly recruiter: Actor;
  readonly witnesses: Witnesses;
  readonly move: (actor: Actor, slotId?: number) => ReturnType<Slotwise['booking']['reschedule']>;
}

async function scene(sdk: Slotwise, state: BookingState, policy: PolicyOverrides = {}): Promise<Scene> {
  const board = await expectOk(seedBoard(sdk));
  const { city, recruiter, candidate } = board;
  const free = await expectOk(seedSlot(sdk, { recruiter, city, policy }));
  const to = await expectOk(seedSlot(sdk, { recruiter, city, policy }));
  const { slot, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
  return {
    board,
    booking,
    from: slot,
    to,
    candidate: { kind: 'candidate', id: candidate.id },
    recruiter: { kind: 'recruiter', id: recruiter.id },
    witnesses: { slots: [slot, to], candidates: [candidate] },
    move: (actor, slotId = to.id) =>
      sdk.booking.reschedule({ bookingId: booking.id, slotId, actor, reason: 'because' }),
  };
}

const stored = (sdk: Slotwise, id: number): Promise<Booking> =>
  expectOk(sdk.transaction((uow) => uow.bookings.get(id)));

/** A booking moves to another slot, in one step. */
export const rescheduleContract: ContractSuite = contractSuite('rescheduling', (test) => {
  const cases = [
    // state        by           policy    becomes
    ['requested', 'candidate', 'manual', 'requested'],
    ['requested', 'recruiter', 'manual', 'requested'],
    ['requested', 'candidate', 'auto', 'booked'],
    ['booked', 'recruiter', 'manual', 'booked'],
    ['booked', 'admin', 'manual', 'booked'],
    ['booked', 'system', 'manual', 'booked'],
    ['booked', 'candidate', 'auto', 'booked'],
    ['confirmed', 'recruiter', 'manual', 'booked'],
    ['confirmed', 'candidate', 'auto', 'booked'],
  ] as const;
  for (const [state, kind, approval, becomes] of cases)
    test(`${state}, by the ${kind}, approval ${approval}: ends as moved, and the new one is ${becomes}`, async (sdk) => {
      const { from, to, booking, board, move, ...actors } = await scene(sdk, state, { approval });
      const actor = kind === 'candidate' || kind === 'recruiter' ? actors[kind] : { kind };
      const moved = await expectOk(move(actor));
      assert.deepEqual(
        [moved.state, moved.slotId, moved.movedFromId, moved.rescheduleCount, moved.version],
        [becomes, to.id, booking.id, 1, 1],
      );
      assert.equal(moved.expiresAt === undefined, becomes === 'booked');
      assert.deepEqual(await stored(sdk, moved.id), moved);
      const old = await stored(sdk, booking.id);
      assert.deepEqual(
        [old.state, old.movedToId, old.endedBy, old.endReason],
        ['moved', moved.id, actor, 'because'],
      );
      const slots = await expectOk(sdk.read.slots.getMany([from.id, to.id]));
      assert.deepEqual(
        [slots.get(from.id)?.status, slots.get(to.id)?.status, slots.get(to.id)?.currentBookingId],
        ['free', becomes === 'booked' ? 'booked' : 'pending', moved.id],
      );
      const free = await expectOk(sdk.read.slots.getFreeForRecruiter(board.recruiter.id));
      assert.ok(free.some(({ id }) => id === from.id) && !free.some(({ id }) => id === to.id));
    });

  for (const state of bookingStates.filter((one) => !(movable as readonly string[]).includes(one)))
    test(`refuses a ${state} booking`, async (sdk) => {
      const { witnesses, move } = await scene(sdk, state, { approval: 'auto' });
      await refuses(sdk, witnesses, () => move(admin), 'InvalidTransition', { from: state, to: 'moved' });
    });

  test('asks for approval where a recruiter has agreed to the time', async (sdk) => {
    for (const state of ['booked', 'confirmed'] as const) {
      const { booking, witnesses, move, candidate } = await scene(sdk, state);
      await refuses(sdk, witnesses, () => move(candidate), 'ApprovalRequired', {
        bookingId: booking.id,
        use: 'requestReschedule',
      });
    }
  });

  test('takes nobody’s agreement for granted: a colleague’s slot needs the colleague', async (sdk) => {
    const { board, witnesses, move, recruiter } = await scene(sdk, 'booked');
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [board.city.id] }));
    const theirs = await expectOk(seedSlot(sdk, { recruiter: colleague, city: board.city }));
    await refuses(sdk, witnesses, () => move(recruiter, theirs.id), 'Forbidden');
    await refuses(
      sdk,
      witnesses,
      () => move({ kind: 'recruiter', id: colleague.id }, theirs.id),
      'Forbidden',
    );
    assert.equal((await expectOk(move(admin, theirs.id))).state, 'booked');
  });

  test('is for the candidate, the recruiter, admins and the system', async (sdk) => {
    const { witnesses, move } = await scene(sdk, 'requested');
    const strangers = [
      { kind: 'candidate', id: (await expectOk(seedCandidate(sdk))).id },
      { kind: 'recruiter', id: (await expectOk(seedRecruiter(sdk))).id },
    ] as const;
    for (const actor of strangers)
      await refuses(sdk, witnesses, () => move(actor), 'Forbidden', { command: 'reschedule', actor });
  });

  test('repeated after it went through answers the same new booking', async (sdk) => {
    const { move, booking, board } = await scene(sdk, 'booked');
    const moved = await expectOk(move(admin));
    assert.deepEqual(await expectOk(move(admin)), moved);
    const again = sdk.booking.reschedule({ bookingId: moved.id, slotId: moved.slotId, actor: admin });
    assert.deepEqual(await expectOk(again), moved);
    const elsewhere = await expectOk(seedSlot(sdk, board));
    const witnesses = { slots: [elsewhere], candidates: [board.candidate] };
    await refuses(sdk, witnesses, () => move(admin, elsewhere.id), 'InvalidTransition', { from: 'moved' });
    await expectOk(sdk.booking.cancel({ bookingId: moved.id, actor: admin, reason: 'over' }));
    await refuses(sdk, witnesses, () => move(admin), 'InvalidTransition', { from: 'moved' });
    assert.equal((await stored(sdk, booking.id)).movedToId, moved.id);
  });

  test('does not count the slot that is left: the same time, the same recruiter, the last booking allowed', async (sdk) => {
    const { board, from, booking, move } = await scene(sdk, 'booked', { maxActivePerCandidate: 1 });
    const { city, recruiter } = board;
    const overlapping = await expectOk(
      seedSlot(sdk, {
        recruiter: await expectOk(seedRecruiter(sdk, { cityIds: [city.id] })),
        city,
        startsAt: from.startsAt.plus(10 * MINUTE),
        policy: { maxActivePerCandidate: 1 },
      }),
    );
    const first = await expectOk(move(admin, overlapping.id));
    const back = await expectOk(
      sdk.booking.reschedule({ bookingId: first.id, slotId: from.id, actor: admin }),
    );
    assert.deepEqual([back.slotId, back.rescheduleCount], [from.id, 2]);
    assert.equal(recruiter.id, from.recruiterId);
    assert.equal((await stored(sdk, booking.id)).state, 'moved');
  });

  test('takes over the slot that the candidate holds while choosing', async (sdk) => {
    const { board, to, move } = await scene(sdk, 'booked');
    // A hold with the same recruiter is refused by the rules of reserve, so it was made by another purpose of use.
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [board.city.id] }));
    const theirs = await expectOk(
      seedSlot(sdk, { recruiter: other, city: board.city, startsAt: to.startsAt.plus(5 * HOUR) }),
    );
    const held = await expectOk(sdk.booking.hold({ slotId: theirs.id, candidateId: board.candidate.id }));
    const moved = await expectOk(move(admin, theirs.id));
    assert.deepEqual([moved.state, (await stored(sdk, held.id)).state], ['booked', 'canceled']);
  });

  test('follows the rules of reserve on the new slot, and says what else is free', async (sdk) => {
    const { board, from, to, witnesses, move } = await scene(sdk, 'booked');
    const { city, recruiter } = board;
    const rival = await expectOk(seedCandidate(sdk));
    const taken = await expectOk(seedSlot(sdk, { recruiter, city }));
    await expectOk(seedBooking(sdk, { slot: taken, candidate: rival }));
    const error = await refuses(sdk, witnesses, () => move(admin, taken.id), 'SlotTaken', {
      slotId: taken.id,
    });
    assert.deepEqual(
      error.alternatives.map(({ id }) => id),
      [to.id, board.slot.id].toSorted((a, b) => b - a).filter((id) => id !== taken.id),
    );

    const own = { purpose: 'review', startsAt: from.startsAt.plus(10 * HOUR) };
    const busy = await expectOk(seedSlot(sdk, { recruiter, city, ...own }));
    await expectOk(seedBooking(sdk, { slot: busy, candidate: board.candidate, state: 'booked' }));
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const at = (startsAt: Instant, policy: PolicyOverrides = {}) =>
      expectOk(seedSlot(sdk, { recruiter: colleague, city, startsAt, policy }));
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const refused = [
      [await at(busy.startsAt), 'CandidateBusy'],
      [await at(now.plus(-3 * HOUR)), 'SlotInPast'],
      [await at(now.plus(2 * HOUR), { minNoticeMinutes: 180 }), 'TooLate'],
      [await at(now.plus(96 * HOUR), { horizonMinutes: 60 }), 'TooEarly'],
      [await at(now.plus(99 * HOUR), { maxActivePerCandidate: 1 }), 'TooManyBookings'],
    ] as const;
    for (const [slot, type] of refused) await refuses(sdk, witnesses, () => move(admin, slot.id), type);
    await refuses(sdk, witnesses, () => move(admin, busy.id), 'Validation', { field: 'slotId' });
    const late = await at(now.plus(120 * HOUR));
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(colleague.archive())));
    await refuses(sdk, witnesses, () => move(admin, late.id), 'RecruiterInactive');
  });

  test('binds the candidate to the freeze window, and everybody to the limit', async (sdk) => {
    const policy: Partial<BookingPolicy> = {
      approval: 'auto',
      freezeMinutes: 60 * 24 * 30,
      rescheduleLimit: 1,
    };
    const frozen = await scene(sdk, 'booked', policy);
    await refuses(sdk, frozen.witnesses, () => frozen.move(frozen.candidate), 'FreezeWindow', {
      frozenSince: frozen.from.startsAt.plus(-30 * 24 * HOUR),
    });
    const moved = await expectOk(frozen.move(frozen.recruiter));
    const back = () => sdk.booking.reschedule({ bookingId: moved.id, slotId: frozen.from.id, actor: admin });
    const slots = await expectOk(sdk.read.slots.getMany([frozen.from.id, frozen.to.id]));
    await refuses(sdk, { ...frozen.witnesses, slots: [...slots.values()] }, back, 'RescheduleLimit', {
      bookingId: moved.id,
      limit: 1,
    });
  });

  test('must come before the start, and before a request lapses', async (sdk) => {
    const { city, recruiter, slot: to, candidate } = await expectOk(seedBoard(sdk));
    const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(-MINUTE))));
    const past = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
    const begun = await expectOk(seedBooking(sdk, { slot: past, candidate, state: 'confirmed' }));
    const move = (bookingId: number) => sdk.booking.reschedule({ bookingId, slotId: to.id, actor: admin });
    await refuses(sdk, { slots: [begun.slot, to] }, () => move(begun.booking.id), 'TooLate', {
      deadline: startsAt,
    });
    const other = await expectOk(seedBoard(sdk));
    const lapsed = await expectOk(
      seedBooking(sdk, { ...other, expiresAt: Instant.fromEpochMilliseconds(0) }),
    );
    await refuses(sdk, { slots: [lapsed.slot, to] }, () => move(lapsed.booking.id), 'HoldExpired');
  });

  test('refuses input that is wrong', async (sdk) => {
    const { booking, to, witnesses } = await scene(sdk, 'booked');
    const command = { bookingId: booking.id, slotId: to.id, actor: admin };
    const move = (change: object) => () => sdk.booking.reschedule({ ...command, ...change });
    await refuses(sdk, witnesses, move({ bookingId: UNKNOWN_ID }), 'BookingNotFound');
    await refuses(sdk, witnesses, move({ slotId: UNKNOWN_ID }), 'SlotNotFound');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, move({ bookingId: id }), 'Validation', { field: 'bookingId' });
      await refuses(sdk, witnesses, move({ slotId: id }), 'Validation', { field: 'slotId' });
    }
    for (const reason of refusedTexts(textLimits.reason))
      await refuses(sdk, witnesses, move({ reason }), 'Validation', { field: 'reason' });
    await refuses(sdk, witnesses, move({ actor: { kind: 'nobody' } }), 'Validation', { field: 'actor.kind' });
  });

  test('leaves one entry in the trail of each slot, and tells what happened in order', async (sdk) => {
    const { from, to, booking, move } = await scene(sdk, 'booked');
    const told: string[] = [];
    const stop = sdk.events.onAny(({ type, aggregate }) => {
      if ([`slot:${from.id}`, `slot:${to.id}`].includes(aggregate)) told.push(type);
    });
    await expectOk(move(admin));
    stop();
    assert.deepEqual(told, ['booking.moved', 'slot.freed', 'booking.approved']);
    for (const [slot, action, bookingFrom] of [
      [from, 'move', 'booked'],
      [to, 'book', undefined],
    ] as const) {
      const { items } = await expectOk(
        sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
      );
      assert.deepEqual(
        items.map((entry) => [entry.action, entry.bookingFrom]),
        [[action, bookingFrom]],
      );
    }
    assert.ok(booking.live);
  });

  test('of two who swap their slots at once: each keeps exactly one', async (sdk) => {
    const { slots, candidates } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }));
    const [[a, b], [ann, ben]] = [slots, candidates];
    assert.ok(a && b && ann && ben);
    const one = await expectOk(seedBooking(sdk, { slot: a, candidate: ann, state: 'booked' }));
    const two = await expectOk(seedBooking(sdk, { slot: b, candidate: ben, state: 'booked' }));
    const outcomes = await Promise.all([
      sdk.booking.reschedule({ bookingId: one.booking.id, slotId: b.id, actor: admin }),
      sdk.booking.reschedule({ bookingId: two.booking.id, slotId: a.id, actor: admin }),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.isErr() && outcome.error.type),
      ['SlotTaken', 'SlotTaken'],
    );
    for (const { booking } of [one, two]) assert.deepEqual(await stored(sdk, booking.id), booking);
  });

  test('of one booking to many slots at once: one goes through', async (sdk) => {
    const { booking, board, to } = await scene(sdk, 'booked');
    const more = [to, board.slot, await expectOk(seedSlot(sdk, board))];
    const outcomes = await Promise.all(
      more.map(async ({ id }) => sdk.booking.reschedule({ bookingId: booking.id, slotId: id, actor: admin })),
    );
    assert.equal(outcomes.filter((outcome) => outcome.isOk()).length, 1);
    assert.deepEqual(
      outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : [])),
      ['InvalidTransition', 'InvalidTransition'],
    );
    const { items } = await expectOk(
      sdk.transaction((uow) => uow.bookings.listForCandidate(board.candidate.id)),
    );
    assert.equal(items.filter(({ live }) => live).length, 1);
  });
});
