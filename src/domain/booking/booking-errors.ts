import type { BookingId, CandidateId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';

export interface BookingNotFound {
  readonly type: 'BookingNotFound';
  readonly id: BookingId;
}

/** The hold or request lapsed before the command came; the slot can be reserved again. */
export interface HoldExpired {
  readonly type: 'HoldExpired';
  readonly bookingId: BookingId;
  readonly expiredAt: Instant;
}

/** The slot starts, or started, too soon for this command. */
export interface TooLate {
  readonly type: 'TooLate';
  /** The command had to come before this. */
  readonly deadline: Instant;
}

/** It is too soon: the slot starts further ahead than the horizon allows, or what is reported has not begun. */
export interface TooEarly {
  readonly type: 'TooEarly';
  /** The command is accepted from here on. */
  readonly opensAt: Instant;
}

/** A candidate may no longer cancel or reschedule this close to the start. */
export interface FreezeWindow {
  readonly type: 'FreezeWindow';
  readonly frozenSince: Instant;
}

/** The candidate already has as many active bookings as the policy allows. */
export interface TooManyBookings {
  readonly type: 'TooManyBookings';
  readonly candidateId: CandidateId;
  readonly limit: number;
}

/** The candidate was rescheduled as often as the policy allows. */
export interface RescheduleLimit {
  readonly type: 'RescheduleLimit';
  readonly bookingId: BookingId;
  readonly limit: number;
}

/** A recruiter has agreed to this booking, so a candidate cannot move it alone: ask with what `use` names. */
export interface ApprovalRequired {
  readonly type: 'ApprovalRequired';
  readonly bookingId: BookingId;
  readonly use: 'requestReschedule';
}
