import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { BookingId, IdInput, SlotId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { settleSlots, type SettleError } from './settle-slots.ts';

/** A booking that is to move to another slot, with everything that decides whether it can; all of it locked. */
export interface LockedMove {
  readonly now: Instant;
  readonly candidate: Candidate;
  /** The booking, and the slot it is of; the slot does not point at it any more when it has ended. */
  readonly from: Standing;
  /** Unset when no slot was named, or there is none of that id. */
  readonly to: Slot | undefined;
  /** What else the candidate has. */
  readonly ahead: readonly Slot[];
  /** Every slot that is locked, as it is now. */
  readonly slots: readonly Slot[];
}

export type LockMoveError = BookingNotFound | CandidateNotFound | SlotNotFound | SettleError;

/**
 * Locks the candidate, then both slots and whatever else the candidate has, by ascending id, so that two who swap their
 * slots do not wait for each other. Settles what time has decided, except about the booking itself: its command says so.
 */
export const lockMove = (
  uow: UnitOfWork,
  bookingId: IdInput<BookingId>,
  slotId: IdInput<SlotId> | undefined,
  ...also: readonly SlotId[]
): ResultAsync<LockedMove, LockMoveError> =>
  safeTry<LockedMove, LockMoveError>(async function* () {
    // Whose booking it is and of which slot never changes.
    const { slotId: fromId, candidateId } = yield* uow.bookings.get(bookingId);
    const candidate = yield* uow.candidates.getForUpdate(candidateId);
    const named = slotId === undefined ? also : [slotId, ...also];
    const locked = yield* uow.slots.lockForReservation(fromId, candidateId, ...named);
    const now = yield* uow.now();
    const slot = locked.find(({ id }) => id === fromId);
    if (slot === undefined) return fail({ type: 'SlotNotFound', id: fromId });
    const from = { slot, booking: yield* uow.bookings.get(bookingId) };
    const { slots: others } = yield* settleSlots(
      uow,
      locked.filter((other) => other !== slot),
      now,
    );
    const slots = [slot, ...others];
    const to = slots.find(({ id }) => id === slotId);
    const ahead = others.filter(
      (other) => other !== to && other.candidateId === candidateId && isActive(other.status),
    );
    return ok({ now, candidate, from, to, ahead, slots });
  });
