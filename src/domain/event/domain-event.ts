import type { BookingOutcome } from '../booking/booking-state.ts';
import type { Actor } from '../shared/actor.ts';
import type { BookingSide } from '../reschedule/reschedule-state.ts';
import type {
  BookingId,
  CandidateId,
  CityId,
  RecruiterId,
  RescheduleRequestId,
  SlotId,
  WaitlistEntryId,
} from '../shared/id.ts';

/** The slot an event is about. Times are ISO 8601 in UTC. */
export interface SlotEventData {
  readonly slotId: SlotId;
  readonly recruiterId: RecruiterId;
  readonly cityId: CityId;
  readonly purpose: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly reason?: string | undefined;
}

/** The booking an event is about, and its slot. */
export interface BookingEventData extends SlotEventData {
  readonly bookingId: BookingId;
  readonly candidateId: CandidateId;
}

/** A request to reschedule the booking; the slot is the one the booking has. */
export interface RescheduleEventData extends BookingEventData {
  readonly requestId: RescheduleRequestId;
  /** Who must decide, while it is pending. */
  readonly awaiting: BookingSide;
  /** The slot that is asked for or proposed. */
  readonly wantedSlotId?: SlotId | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly comment?: string | undefined;
}

/** A slot that changed without a change of who has it: their booking, if there is one, goes with it. */
export interface ChangedSlotEventData extends SlotEventData {
  readonly bookingId?: BookingId | undefined;
  readonly candidateId?: CandidateId | undefined;
}

/** A place in the queue of a city. Times are ISO 8601 in UTC. */
export interface WaitlistEventData {
  /** The slot that is offered. */
  readonly slotId?: SlotId | undefined;
  readonly entryId: WaitlistEntryId;
  readonly candidateId: CandidateId;
  readonly cityId: CityId;
  readonly purpose: string;
  readonly recruiterId?: RecruiterId | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

/** Everything that is told to others once it is committed, by type. */
export interface EventData {
  'slot.published': SlotEventData;
  /** Somebody else may have it from now on. */
  'slot.freed': SlotEventData;
  'slot.withdrawn': SlotEventData;
  /** It takes place at another time. */
  'slot.moved': ChangedSlotEventData & {
    readonly previousStartsAt: string;
    readonly previousEndsAt: string;
  };
  'slot.reassigned': ChangedSlotEventData & { readonly previousRecruiterId: RecruiterId };
  /** It was over, nobody ever had it, and its row is gone. */
  'slot.purged': SlotEventData;
  'booking.held': BookingEventData;
  'booking.offered': BookingEventData;
  'booking.requested': BookingEventData;
  'booking.approved': BookingEventData;
  'booking.rejected': BookingEventData;
  'booking.confirmed': BookingEventData;
  'booking.canceled': BookingEventData;
  'booking.expired': BookingEventData;
  'booking.moved': BookingEventData & { readonly movedToId: BookingId };
  'booking.completed': BookingEventData & { readonly outcome?: BookingOutcome | undefined };
  'booking.no_show': BookingEventData & { readonly outcome: BookingOutcome };
  'reschedule.requested': RescheduleEventData;
  'reschedule.proposed': RescheduleEventData;
  'reschedule.approved': RescheduleEventData;
  'reschedule.declined': RescheduleEventData;
  'waitlist.joined': WaitlistEventData;
  /** Beside `booking.offered`, which tells of the slot. */
  'waitlist.offered': WaitlistEventData & {
    readonly slotId: SlotId;
    readonly bookingId: BookingId;
    readonly expiresAt?: string | undefined;
  };
  'waitlist.left': WaitlistEventData;
}

export type EventType = keyof EventData;

/** Something that happened, before it has been written down. */
export type NewEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    /** What it happened to, `slot:5`: events of one aggregate are told in their order. */
    readonly aggregate: string;
    /** ISO 8601 in UTC. */
    readonly occurredAt: string;
    readonly actor: Actor;
    readonly data: EventData[Type];
  };
}[EventType];

/** An event as others are told of it: plain data, which JSON keeps as it is. */
export type DomainEvent = NewEvent & {
  /** Ascending in the order of writing; tells an event from every other, also when it is delivered twice. */
  readonly id: number;
  /** Of the shape of `data`. */
  readonly version: 1;
  readonly correlationId?: string | undefined;
};

/** The events of one type. */
export type EventOf<Type extends EventType> = Extract<DomainEvent, { readonly type: Type }>;
