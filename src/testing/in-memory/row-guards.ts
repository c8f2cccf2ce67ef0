import { isLive } from '../../domain/booking/booking-state.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { ConstraintViolation } from '../../domain/shared/repository-error.ts';
import { overlaps, type TimeRange } from '../../domain/shared/time-range.ts';
import type { CandidateBusy, DuplicateBooking, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import { isActive, isOccupied } from '../../domain/slot/slot-status.ts';
import type { Slot, SlotDraft } from '../../domain/slot/slot.ts';
import { someOther, type Tables } from './tables.ts';

type Slots = Tables['slots'];

const exclusive = (purpose: string): boolean => purpose !== 'intro_day';

const occupied = ({ occupiedFrom, occupiedUntil }: SlotDraft): TimeRange => ({
  start: occupiedFrom,
  end: occupiedUntil,
});

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
  const taken =
    exclusive(slot.purpose) &&
    someOther(
      slots,
      slot.id,
      (other) =>
        other.recruiterId === slot.recruiterId &&
        other.status !== 'canceled' &&
        exclusive(other.purpose) &&
        overlaps(occupied(other), occupied(slot)),
    );
  return taken ? { type: 'SlotOverlap', recruiterId: slot.recruiterId } : undefined;
}

/** All guards a stored slot can run into. */
export function slotConflict(slots: Slots, slot: Slot): SlotConflict | ConstraintViolation | undefined {
  const overlap = slot.status === 'canceled' ? undefined : recruiterConflict(slots, slot);
  return misshapen(slot) ?? overlap ?? candidateConflict(slots, slot);
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
  const { id, candidateId, recruiterId, purpose, range } = slot;
  if (candidateId === undefined || !isActive(slot.status)) return undefined;
  const ahead = (other: Slot): boolean => other.candidateId === candidateId && isActive(other.status);
  const sameMeeting = (other: Slot): boolean =>
    other.recruiterId === recruiterId && other.purpose === purpose;
  if (exclusive(purpose) && someOther(slots, id, (other) => ahead(other) && sameMeeting(other)))
    return { type: 'DuplicateBooking', candidateId, recruiterId };
  return someOther(slots, id, (other) => ahead(other) && overlaps(other.range, range))
    ? { type: 'CandidateBusy', candidateId }
    : undefined;
}

/** The unique ids, and the one live booking a slot may have. */
export function bookingConflict(
  bookings: Tables['bookings'],
  booking: Booking,
  operation: 'bookings.add' | 'bookings.update',
): ConstraintViolation | undefined {
  if (operation === 'bookings.add' && bookings.has(booking.id))
    return violation(operation, 'booking_pkey', '23505');
  const secondLive =
    booking.live &&
    someOther(bookings, booking.id, (other) => other.slotId === booking.slotId && isLive(other.state));
  return secondLive ? violation(operation, 'booking_one_live_per_slot', '23505') : undefined;
}

/** The deferred reference from a slot to its booking, which is checked when everything is written. */
export function danglingPointer({ slots, bookings }: Tables): ConstraintViolation | undefined {
  const dangling = someOther(
    slots,
    undefined,
    ({ id, currentBookingId }) =>
      currentBookingId !== undefined && bookings.get(currentBookingId)?.slotId !== id,
  );
  return dangling ? violation('commit', 'slot_current_booking_fk', '23503') : undefined;
}
