import { isLive, type BookingState } from '../../domain/booking/booking-state.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { bookingStatesUnder } from '../../domain/booking/transition-booking.ts';
import type { ConstraintViolation } from '../../domain/shared/repository-error.ts';
import type { CandidateBusy, DuplicateBooking, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import { candidateCollision, recruiterCollision } from '../../domain/slot/slot-collision.ts';
import { isOccupied, type SlotStatus } from '../../domain/slot/slot-status.ts';
import type { Slot, SlotDraft } from '../../domain/slot/slot.ts';
import { someOther, type Tables } from './tables.ts';

type Slots = Tables['slots'];

const violation = (operation: string, constraint: string, sqlState: string): ConstraintViolation => ({
  type: 'ConstraintViolation',
  operation,
  constraint,
  sqlState,
});

/** The exclusion guard on one recruiter's time, buffers included. */
export function recruiterConflict(
  slots: Slots,
  slot: SlotDraft & { readonly id?: number },
): SlotOverlap | undefined {
  const taken = someOther(
    slots,
    slot.id,
    (other) => other.status !== 'canceled' && recruiterCollision(slot, other) !== undefined,
  );
  return taken ? { type: 'SlotOverlap', recruiterId: slot.recruiterId } : undefined;
}

/** All guards a stored slot can run into. */
export const slotConflict = (slots: Slots, slot: Slot): SlotConflict | ConstraintViolation | undefined =>
  misshapen(slot) ?? neighbourConflict(slots, slot);

/** The guards between a slot and the others. */
export function neighbourConflict(slots: Slots, slot: Slot): SlotConflict | undefined {
  const overlap = slot.status === 'canceled' ? undefined : recruiterConflict(slots, slot);
  return overlap ?? candidateConflict(slots, slot);
}

const fires = (constraint: string): ConstraintViolation => violation('slots.update', constraint, '23514');

/** The checks that tie a slot's status to who has it. */
function misshapen(slot: Slot): ConstraintViolation | undefined {
  const taken = isOccupied(slot.status);
  if (taken !== (slot.candidateId !== undefined)) return fires('slot_candidate_matches');
  if (taken !== (slot.currentBookingId !== undefined)) return fires('slot_booking_matches');
  return (slot.status === 'pending') === (slot.holdExpiresAt !== undefined)
    ? undefined
    : fires('slot_hold_matches');
}

/** One candidate's meetings and one candidate's time. */
function candidateConflict(slots: Slots, slot: Slot): CandidateBusy | DuplicateBooking | undefined {
  if (slot.candidateId === undefined) return undefined;
  const collisions = [...slots.values()].flatMap((other) =>
    other.id === slot.id ? [] : (candidateCollision(slot, other) ?? []),
  );
  return collisions.find(({ type }) => type === 'DuplicateBooking') ?? collisions[0];
}

/** The unique ids, the one live booking a slot may have, and history that stays as it is. */
export function bookingConflict(
  bookings: Tables['bookings'],
  booking: Booking,
  operation: 'bookings.add' | 'bookings.update' | 'bookings.updateMany',
  stored = bookings.get(booking.id),
): ConstraintViolation | undefined {
  if (operation === 'bookings.add' && bookings.has(booking.id))
    return violation(operation, 'booking_pkey', '23505');
  if (stored?.endedAt !== undefined && !recordsOutcome(stored, booking))
    return violation(operation, 'booking_history_is_final', '23514');
  const secondLive =
    booking.live &&
    someOther(bookings, booking.id, (other) => other.slotId === booking.slotId && isLive(other.state));
  return secondLive ? violation(operation, 'booking_one_live_per_slot', '23505') : undefined;
}

/** The one change there is of a booking that has ended: its outcome, once. */
function recordsOutcome(stored: Booking, booking: Booking): boolean {
  const { outcome, version } = booking;
  const otherwiseSame = JSON.stringify({ ...stored, outcome, version }) === JSON.stringify(booking);
  return stored.outcome === undefined && outcome !== undefined && otherwiseSame;
}

/** The deferred guards on a slot and its booking, which are checked when everything is written. */
export function danglingPointer(tables: Tables): ConstraintViolation | undefined {
  const { slots, bookings } = tables;
  const dangling = someOther(
    slots,
    undefined,
    ({ id, currentBookingId }) =>
      currentBookingId !== undefined && bookings.get(currentBookingId)?.slotId !== id,
  );
  if (dangling) return violation('commit', 'slot_current_booking_fk', '23503');
  const disagree = someOther(slots, undefined, (slot) => !agrees(slot, bookings)) || strayBooking(tables);
  return disagree ? violation('commit', 'slot_booking_agree', '23514') : undefined;
}

/** Whether a slot that somebody has shows what its booking says. */
function agrees(slot: Slot, bookings: Tables['bookings']): boolean {
  const booking = slot.currentBookingId === undefined ? undefined : bookings.get(slot.currentBookingId);
  return booking === undefined || (sameMeeting(slot, booking) && statesFit(slot, booking));
}

const sameMeeting = (slot: Slot, { candidateId, purpose }: Booking): boolean =>
  slot.candidateId === candidateId && slot.purpose === purpose;

function statesFit({ status }: Slot, { state }: Booking): boolean {
  const states: Partial<Readonly<Record<SlotStatus, readonly BookingState[]>>> = bookingStatesUnder;
  return states[status]?.includes(state) === true;
}

/** A live booking that its slot does not point at. */
const strayBooking = ({ slots, bookings }: Tables): boolean =>
  someOther(
    bookings,
    undefined,
    ({ id, slotId, live }) => live && slots.get(slotId)?.currentBookingId !== id,
  );
