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

/** The slot starts further ahead than the booking horizon allows. */
export interface TooEarly {
  readonly type: 'TooEarly';
  /** The command is accepted from here on. */
  readonly opensAt: Instant;
}

/** A candidate may no longer cancel this close to the start. */
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
