import { describe, expect, it } from 'vitest';
import { bookingStates, type BookingState } from '../../../../src/domain/booking/booking-state.ts';
import { transitions } from '../../../../src/domain/booking/booking-transitions.ts';
import {
  moveBooking,
  startBooking,
  withdrawFree,
} from '../../../../src/domain/booking/transition-booking.ts';
import type { Actor } from '../../../../src/domain/shared/actor.ts';
import type { BookingId } from '../../../../src/domain/shared/id.ts';
import { MINUTE } from '../../../../src/domain/shared/time-range.ts';
import { slotStatuses, type SlotStatus } from '../../../../src/domain/slot/slot-status.ts';
import { bookingIn, candidate, now, slotIn } from '../subjects.ts';

/**
 * The state machine, written down a second time: command, the slot's status before and after, the booking's state
 * before and after. A command that is not listed for a status or state is refused.
 */
const starting = [
  // command   slot before  slot after  booking after
  ['hold', 'free', 'pending', 'held'],
  ['request', 'free', 'pending', 'requested'],
  ['book', 'free', 'booked', 'booked'],
  ['offer', 'free', 'pending', 'offered'],
] as const;

const moving = [
  // command            slot before  slot after   booking before  booking after
  ['requestHeld', 'pending', 'pending', 'held', 'requested'],
  ['bookHeld', 'pending', 'booked', 'held', 'booked'],
  ['approve', 'pending', 'booked', 'requested', 'booked'],
  ['reject', 'pending', 'free', 'requested', 'rejected'],
  ['release', 'pending', 'free', 'held', 'canceled'],
  ['release', 'pending', 'free', 'requested', 'canceled'],
  ['acceptOffer', 'pending', 'confirmed', 'offered', 'confirmed'],
  ['declineOffer', 'pending', 'free', 'offered', 'rejected'],
  ['retractOffer', 'pending', 'free', 'offered', 'canceled'],
  ['expire', 'pending', 'free', 'held', 'expired'],
  ['expire', 'pending', 'free', 'offered', 'expired'],
  ['expire', 'pending', 'free', 'requested', 'expired'],
  ['confirm', 'booked', 'confirmed', 'booked', 'confirmed'],
  ['cancel', 'booked', 'free', 'booked', 'canceled'],
  ['cancel', 'confirmed', 'free', 'confirmed', 'canceled'],
  ['move', 'pending', 'free', 'requested', 'moved'],
  ['move', 'booked', 'free', 'booked', 'moved'],
  ['move', 'confirmed', 'free', 'confirmed', 'moved'],
  ['complete', 'booked', 'completed', 'booked', 'completed'],
  ['complete', 'confirmed', 'completed', 'confirmed', 'completed'],
  ['recordOutcome', 'completed', 'completed', 'completed', 'completed'],
  ['withdrawOccupied', 'pending', 'canceled', 'held', 'canceled'],
  ['withdrawOccupied', 'pending', 'canceled', 'offered', 'canceled'],
  ['withdrawOccupied', 'pending', 'canceled', 'requested', 'canceled'],
  ['withdrawOccupied', 'booked', 'canceled', 'booked', 'canceled'],
  ['withdrawOccupied', 'confirmed', 'canceled', 'confirmed', 'canceled'],
] as const;

/** What a booking says about the slot that points at it. One that has ended otherwise than it should says nothing. */
const statusOf: Partial<Record<BookingState, SlotStatus>> = {
  held: 'pending',
  offered: 'pending',
  requested: 'pending',
  booked: 'booked',
  confirmed: 'confirmed',
  completed: 'completed',
};

const actor: Actor = { kind: 'admin', id: 9 };
const at = now.plus(MINUTE);
const expiresAt = now.plus(90 * MINUTE);
const startingCommands = [...new Set(starting.map(([command]) => command))];
const movingCommands = [...new Set(moving.map(([command]) => command))];

it('lists every command there is', () => {
  expect([...startingCommands, ...movingCommands, 'withdraw'].toSorted()).toEqual(
    Object.keys(transitions).toSorted(),
  );
});

describe.each(startingCommands)('%s', (command) => {
  it.each(slotStatuses)('a slot that is %s', (status) => {
    const slot = slotIn(status);
    const rows = starting.filter(([name, from]) => name === command && from === status);
    const outcome = startBooking(command, slot, {
      id: 8 as BookingId,
      candidateId: candidate.id,
      at,
      expiresAt,
    });
    expect(outcome.isOk()).toBe(rows.length === 1);
    expect(
      outcome.match(
        (after) => [after.slot.status, after.booking.state, after.booking.live],
        (error) => [error.type, error.command, error.from],
      ),
    ).toEqual(rows.map(([, , to, state]) => [to, state, true])[0] ?? ['InvalidTransition', command, status]);
  });
});

describe.each(movingCommands)('%s', (command) => {
  const pairs = slotStatuses.flatMap((status) =>
    bookingStates
      .filter((state) => (statusOf[state] ?? status) === status)
      .map((state) => ({ status, state })),
  );

  it.each(pairs)('a slot that is $status with a booking that is $state', ({ status, state }) => {
    const before = { slot: slotIn(status), booking: bookingIn(state) };
    const [row] = moving.filter(
      ([name, slotFrom, , from]) => name === command && slotFrom === status && from === state,
    );
    const outcome = moveBooking(command, before, { at, actor, reason: 'why', expiresAt });
    expect(
      outcome.match(
        ({ slot, booking }) => [slot.status, booking.state],
        (error) => [error.type, error.command, error.from],
      ),
    ).toEqual(row === undefined ? ['InvalidTransition', command, state] : [row[2], row[4]]);
    expect(before).toEqual({ slot: slotIn(status), booking: bookingIn(state) });
  });
});

describe('withdraw', () => {
  it.each(slotStatuses)('a slot that is %s', (status) => {
    const outcome = withdrawFree(slotIn(status));
    expect(
      outcome.match(
        (slot) => slot.status,
        (error) => [error.type, error.command, error.from, error.to],
      ),
    ).toEqual(status === 'free' ? 'canceled' : ['InvalidTransition', 'withdraw', status, 'canceled']);
  });
});

const thisTime = { endedAt: at, endedBy: actor, endReason: 'why' };

describe('a transition', () => {
  it.each(moving)('%s from %s to %s (%s to %s) keeps slot and booking in agreement', (...row) => {
    const [command, status, slotTo, state, to] = row;
    const standing = { slot: slotIn(status), booking: bookingIn(state) };
    const { slot, booking } = moveBooking(command, standing, {
      at,
      actor,
      reason: 'why',
      expiresAt,
    })._unsafeUnwrap();
    const occupied = !['free', 'canceled'].includes(slotTo);
    expect([slot.candidateId, slot.currentBookingId]).toEqual(
      occupied ? [booking.candidateId, booking.id] : [undefined, undefined],
    );
    expect(slot.holdExpiresAt).toEqual(slotTo === 'pending' ? expiresAt : undefined);
    expect(booking.expiresAt).toEqual(slot.holdExpiresAt);
    const ended = ['completed', 'canceled', 'rejected', 'expired', 'moved'].includes(to);
    // What had ended before ended as it did.
    const { endedAt, endedBy, endReason } = command === 'recordOutcome' ? standing.booking : thisTime;
    expect([booking.endedAt, booking.endedBy, booking.endReason]).toEqual(
      ended ? [endedAt, endedBy, endReason] : [undefined, undefined, undefined],
    );
    expect(booking.live).toBe(!ended);
    expect([slot.version, booking.version]).toEqual([1, 1]);
  });

  it('notes when a booking was approved and confirmed', () => {
    const requested = { slot: slotIn('pending'), booking: bookingIn('requested') };
    const approved = moveBooking('approve', requested, { at, actor })._unsafeUnwrap();
    expect(approved.booking.approvedAt).toEqual(at);
    const later = at.plus(MINUTE);
    const confirmed = moveBooking('confirm', approved, { at: later, actor })._unsafeUnwrap();
    expect([confirmed.booking.approvedAt, confirmed.booking.confirmedAt]).toEqual([at, later]);
    const canceled = moveBooking('cancel', confirmed, { at: later, actor })._unsafeUnwrap();
    expect([canceled.booking.approvedAt, canceled.booking.confirmedAt]).toEqual([at, later]);
  });

  it('starts a booking with what it was given', () => {
    const start = { id: 8 as BookingId, candidateId: candidate.id, at, expiresAt };
    const held = startBooking('hold', slotIn('free'), start)._unsafeUnwrap();
    expect(held.booking).toMatchObject({
      id: 8,
      slotId: 4,
      candidateId: 3,
      createdAt: at,
      expiresAt,
      version: 1,
    });
    expect(held.slot).toMatchObject({ candidateId: 3, currentBookingId: 8, holdExpiresAt: expiresAt });
    const booked = startBooking('book', slotIn('free'), { ...start, expiresAt: undefined })._unsafeUnwrap();
    expect([booked.booking.approvedAt, booked.booking.expiresAt, booked.slot.holdExpiresAt]).toEqual([
      at,
      undefined,
      undefined,
    ]);
  });

  it('records an outcome with the end of an interview, or of one that has ended', () => {
    const confirmed = { slot: slotIn('confirmed'), booking: bookingIn('confirmed') };
    const attended = moveBooking('complete', confirmed, { at, actor, outcome: 'attended' })._unsafeUnwrap();
    expect(attended.booking).toMatchObject({ state: 'completed', outcome: 'attended', endedAt: at });
    const unrecorded = moveBooking('complete', confirmed, { at, actor })._unsafeUnwrap();
    expect(unrecorded.booking.outcome).toBeUndefined();
    const outcome = 'candidate_no_show';
    const late = moveBooking('recordOutcome', unrecorded, {
      at: at.plus(MINUTE),
      actor,
      outcome,
    })._unsafeUnwrap();
    expect(late.booking).toMatchObject({ outcome, endedAt: at, endedBy: actor });
  });

  it('ties a booking that is moved to the one that takes over', () => {
    const booked = { slot: slotIn('booked'), booking: bookingIn('booked', { rescheduleCount: 1 }) };
    const movedToId = 8 as BookingId;
    const { booking: moved } = moveBooking('move', booked, { at, actor, movedToId })._unsafeUnwrap();
    expect([moved.state, moved.movedToId]).toEqual(['moved', movedToId]);
    const start = { id: movedToId, candidateId: candidate.id, at, movedFrom: booked.booking };
    const { booking: successor } = startBooking('book', slotIn('free'), start)._unsafeUnwrap();
    expect([successor.movedFromId, successor.rescheduleCount]).toEqual([booked.booking.id, 2]);
  });
});
