import type { CandidateId, CityId, RecruiterId, SlotId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import type { Slot } from './slot.ts';

export interface SlotNotFound {
  readonly type: 'SlotNotFound';
  readonly id: SlotId;
}

/** Somebody else has the slot. `alternatives` are up to three slots that were free a moment later, nearest first. */
export interface SlotTaken {
  readonly type: 'SlotTaken';
  readonly slotId: SlotId;
  readonly alternatives: readonly Slot[];
}

/** The recruiter already has a slot in this time, buffers included. */
export interface SlotOverlap {
  readonly type: 'SlotOverlap';
  readonly recruiterId: RecruiterId;
}

/** The slot starts before now. */
export interface SlotInPast {
  readonly type: 'SlotInPast';
  readonly startsAt: Instant;
}

/** The candidate has another active booking at an overlapping time. */
export interface CandidateBusy {
  readonly type: 'CandidateBusy';
  readonly candidateId: CandidateId;
}

/** The candidate already has an active booking with this recruiter for the same purpose. */
export interface DuplicateBooking {
  readonly type: 'DuplicateBooking';
  readonly candidateId: CandidateId;
  readonly recruiterId: RecruiterId;
}

/** There is no slot of this kind in the city that the candidate can have now. */
export interface NoSlotFree {
  readonly type: 'NoSlotFree';
  readonly cityId: CityId;
  readonly purpose: string;
}
