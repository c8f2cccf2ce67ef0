import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateInactive } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { IdInput, SlotId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { SlotNotFound, SlotTaken } from '../../domain/slot/slot-errors.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { settleSlots, standingOf, type SettleError } from './settle-slots.ts';

/** A slot that a candidate is to have, with everything that decides whether they can; all of it locked. */
export interface WantedSlot {
  readonly now: Instant;
  readonly candidate: Candidate;
  readonly slot: Slot;
  /** The candidate's other active slots. */
  readonly ahead: readonly Slot[];
  /** Set when the candidate has the slot already. */
  readonly own: Standing | undefined;
}

export type WantedSlotError = SlotNotFound | SlotTaken | CandidateInactive | BookingNotFound | SettleError;

/**
 * Locks the slots concerned by ascending id, settles them, and refuses one that somebody else has. The candidate is locked
 * by the caller, who knows whether the actor may speak for them.
 */
export const lockWantedSlot = (
  uow: UnitOfWork,
  slotId: IdInput<SlotId>,
  candidate: Candidate,
): ResultAsync<WantedSlot, WantedSlotError> =>
  safeTry<WantedSlot, WantedSlotError>(async function* () {
    if (!candidate.active) return fail({ type: 'CandidateInactive', id: candidate.id });
    const locked = yield* uow.slots.lockForReservation(slotId, candidate.id);
    const now = yield* uow.now();
    const { slots: settled } = yield* settleSlots(uow, locked, now);
    const slot = settled.find(({ id }) => id === slotId);
    if (slot === undefined) return fail({ type: 'SlotNotFound', id: slotId as SlotId });
    const ahead = settled.filter((other) => other !== slot && isActive(other.status));
    const own = yield* ownStanding(uow, slot, candidate);
    return ok({ now, candidate, slot, ahead, own });
  });

/** By which booking the candidate has the slot; `SlotTaken` when somebody else has it. */
export const ownStanding = (
  uow: UnitOfWork,
  slot: Slot,
  candidate: Candidate,
): ResultAsync<Standing | undefined, SlotTaken | BookingNotFound | SettleError> =>
  safeTry<Standing | undefined, SlotTaken | BookingNotFound | SettleError>(async function* () {
    if (!isActive(slot.status)) return ok(undefined);
    if (slot.candidateId === candidate.id) return ok(yield* standingOf(uow, slot));
    return fail({ type: 'SlotTaken', slotId: slot.id, alternatives: [] });
  });
