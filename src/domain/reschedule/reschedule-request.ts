import { ok, type Result } from 'neverthrow';
import type { Actor } from '../shared/actor.ts';
import { fail } from '../shared/fail.ts';
import type { BookingId, CandidateId, RescheduleRequestId, SlotId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import type { RescheduleDecided } from './reschedule-errors.ts';
import type { BookingSide, RescheduleState } from './reschedule-state.ts';
import type { RescheduleDraft } from './reschedule-wish.ts';

/** A request before it is stored. */
export interface NewRescheduleRequest extends RescheduleDraft {
  /** Whose booking it is. */
  readonly candidateId: CandidateId;
  /** Who must decide next. */
  readonly awaiting: BookingSide;
  readonly requestedBy: Actor;
  readonly createdAt: Instant;
}

export interface RescheduleRequestProps extends NewRescheduleRequest {
  readonly id: RescheduleRequestId;
  readonly state: RescheduleState;
  readonly decidedAt: Instant | undefined;
  readonly decidedBy: Actor | undefined;
  readonly decisionReason: string | undefined;
  readonly version: number;
}

interface Decision {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

/** Somebody wants another time for a booking. It reserves nothing: the slot stays free until the request is approved. */
export class RescheduleRequest implements RescheduleRequestProps {
  readonly id: RescheduleRequestId;
  readonly bookingId: BookingId;
  readonly candidateId: CandidateId;
  readonly state: RescheduleState;
  readonly awaiting: BookingSide;
  /** The slot that is asked for, or that was proposed last. */
  readonly slotId: SlotId | undefined;
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
  readonly comment: string | undefined;
  readonly requestedBy: Actor;
  readonly createdAt: Instant;
  readonly decidedAt: Instant | undefined;
  readonly decidedBy: Actor | undefined;
  readonly decisionReason: string | undefined;
  readonly version: number;

  constructor(props: RescheduleRequestProps) {
    this.id = props.id;
    this.bookingId = props.bookingId;
    this.candidateId = props.candidateId;
    this.state = props.state;
    this.awaiting = props.awaiting;
    this.slotId = props.slotId;
    this.from = props.from;
    this.until = props.until;
    this.comment = props.comment;
    this.requestedBy = Object.freeze({ ...props.requestedBy });
    this.createdAt = props.createdAt;
    this.decidedAt = props.decidedAt;
    this.decidedBy = props.decidedBy && Object.freeze({ ...props.decidedBy });
    this.decisionReason = props.decisionReason;
    this.version = props.version;
    Object.freeze(this);
  }

  /** Asks for another slot; the other side decides about it. */
  propose(slotId: SlotId, awaiting: BookingSide): Result<RescheduleRequest, RescheduleDecided> {
    return this.#pending().map((request) => new RescheduleRequest({ ...request, slotId, awaiting }));
  }

  decide(
    state: Exclude<RescheduleState, 'pending'>,
    { at, actor, reason }: Decision,
  ): Result<RescheduleRequest, RescheduleDecided> {
    return this.#pending().map(
      (request) =>
        new RescheduleRequest({
          ...request,
          state,
          decidedAt: at,
          decidedBy: actor,
          decisionReason: reason,
        }),
    );
  }

  /** Whether approving it with this slot is what was asked for. */
  covers({ id, startsAt }: { readonly id: SlotId; readonly startsAt: Instant }): boolean {
    if (this.slotId !== undefined) return this.slotId === id;
    const early = this.from !== undefined && startsAt.isBefore(this.from);
    const late = this.until !== undefined && !startsAt.isBefore(this.until);
    return !early && !late;
  }

  #pending(): Result<RescheduleRequestProps, RescheduleDecided> {
    return this.state === 'pending'
      ? ok(this)
      : fail({ type: 'RescheduleDecided', requestId: this.id, state: this.state });
  }
}
