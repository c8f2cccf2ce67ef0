import type { Actor } from '../shared/actor.ts';
import type { BookingId, CandidateId, SlotId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import { isLive, type BookingOutcome, type BookingState } from './booking-state.ts';

export interface BookingProps {
  readonly id: BookingId;
  readonly slotId: SlotId;
  readonly candidateId: CandidateId;
  readonly purpose: string;
  readonly state: BookingState;
  readonly createdAt: Instant;
  /** When a hold or request lapses; unset once it is booked. */
  readonly expiresAt: Instant | undefined;
  readonly approvedAt: Instant | undefined;
  readonly confirmedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** Who ended it; unset while it is live. */
  readonly endedBy: Actor | undefined;
  readonly endReason: string | undefined;
  /** What became of the interview; unset until somebody has recorded it. */
  readonly outcome: BookingOutcome | undefined;
  /** The booking this one took over from, when it was rescheduled. */
  readonly movedFromId: BookingId | undefined;
  /** The booking that took over from this one. */
  readonly movedToId: BookingId | undefined;
  /** How many times the candidate was rescheduled on the way to this booking. */
  readonly rescheduleCount: number;
  readonly version: number;
}

/** One attempt of a candidate to get one slot: live while the slot points at it, history afterwards. */
export class Booking implements BookingProps {
  readonly id: BookingId;
  readonly slotId: SlotId;
  readonly candidateId: CandidateId;
  readonly purpose: string;
  readonly state: BookingState;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | undefined;
  readonly approvedAt: Instant | undefined;
  readonly confirmedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly endedBy: Actor | undefined;
  readonly endReason: string | undefined;
  readonly outcome: BookingOutcome | undefined;
  readonly movedFromId: BookingId | undefined;
  readonly movedToId: BookingId | undefined;
  readonly rescheduleCount: number;
  readonly version: number;

  constructor(props: BookingProps) {
    this.id = props.id;
    this.slotId = props.slotId;
    this.candidateId = props.candidateId;
    this.purpose = props.purpose;
    this.state = props.state;
    this.createdAt = props.createdAt;
    this.expiresAt = props.expiresAt;
    this.approvedAt = props.approvedAt;
    this.confirmedAt = props.confirmedAt;
    this.endedAt = props.endedAt;
    this.endedBy = props.endedBy && Object.freeze({ ...props.endedBy });
    this.endReason = props.endReason;
    this.outcome = props.outcome;
    this.movedFromId = props.movedFromId;
    this.movedToId = props.movedToId;
    this.rescheduleCount = props.rescheduleCount;
    this.version = props.version;
    Object.freeze(this);
  }

  get live(): boolean {
    return isLive(this.state);
  }
}
