import { overlaps, type TimeRange } from '../shared/time-range.ts';
import type { CandidateBusy, DuplicateBooking, SlotOverlap } from './slot-errors.ts';
import type { SlotConflict } from './slot-repository.ts';
import { isActive } from './slot-status.ts';
import type { Slot, SlotDraft } from './slot.ts';

/** Whether the recruiter can do nothing else meanwhile; days that introduce a company may overlap. */
export const isExclusive = (purpose: string): boolean => purpose !== 'intro_day';

/** When the recruiter is not free: the displayed time and its buffers. */
export const occupiedRange = ({ occupiedFrom, occupiedUntil }: SlotDraft): TimeRange => ({
  start: occupiedFrom,
  end: occupiedUntil,
});

/** The guard on one recruiter's time, buffers included: why `slot` cannot be beside `other`. */
export function recruiterCollision(slot: SlotDraft, other: SlotDraft): SlotOverlap | undefined {
  const collide =
    slot.recruiterId === other.recruiterId &&
    isExclusive(slot.purpose) &&
    isExclusive(other.purpose) &&
    overlaps(occupiedRange(slot), occupiedRange(other));
  return collide ? { type: 'SlotOverlap', recruiterId: slot.recruiterId } : undefined;
}

/** All guards of the database between two slots that are on the board: why `slot` cannot be beside `other`. */
export function slotCollision(slot: Slot, other: Slot): SlotConflict | undefined {
  if (slot.status === 'canceled' || other.status === 'canceled') return undefined;
  return recruiterCollision(slot, other) ?? candidateCollision(slot, other);
}

/** The guards on one candidate's meetings and one candidate's time, as displayed. */
export function candidateCollision(slot: Slot, other: Slot): CandidateBusy | DuplicateBooking | undefined {
  const { candidateId, recruiterId, purpose } = slot;
  if (candidateId === undefined || candidateId !== other.candidateId) return undefined;
  if (!isActive(slot.status) || !isActive(other.status)) return undefined;
  const alike = recruiterId === other.recruiterId && purpose === other.purpose;
  if (isExclusive(purpose) && alike) return { type: 'DuplicateBooking', candidateId, recruiterId };
  return overlaps(slot.range, other.range) ? { type: 'CandidateBusy', candidateId } : undefined;
}
