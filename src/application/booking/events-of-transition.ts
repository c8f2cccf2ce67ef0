import type { BookingCommand } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type {
  BookingEventData,
  ChangedSlotEventData,
  EventData,
  EventType,
  NewEvent,
  SlotEventData,
} from '../../domain/event/domain-event.ts';
import type { Actor } from '../../domain/shared/actor.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { SlotChange } from '../../domain/slot/settle-changes.ts';
import type { Accepted, AppliedTransition } from './applied-transition.ts';

/** What each row of the state machine tells others. */
const told = {
  hold: ['booking.held'],
  request: ['booking.requested'],
  book: ['booking.approved'],
  offer: ['booking.offered'],
  requestHeld: ['booking.requested'],
  bookHeld: ['booking.approved'],
  approve: ['booking.approved'],
  reject: ['booking.rejected', 'slot.freed'],
  release: ['booking.canceled', 'slot.freed'],
  acceptOffer: ['booking.confirmed'],
  declineOffer: ['booking.rejected', 'slot.freed'],
  retractOffer: ['booking.canceled', 'slot.freed'],
  expire: ['booking.expired', 'slot.freed'],
  confirm: ['booking.confirmed'],
  cancel: ['booking.canceled', 'slot.freed'],
  move: ['booking.moved', 'slot.freed'],
  complete: ['booking.completed'],
  recordOutcome: ['booking.completed'],
  withdraw: ['slot.withdrawn'],
  withdrawOccupied: ['booking.canceled', 'slot.withdrawn'],
} as const satisfies Readonly<Record<BookingCommand, readonly EventType[]>>;

/** The events of a transition, in the order in which they are told. */
export const eventsOf = ({ command, after, at, actor, reason }: AppliedTransition): readonly NewEvent[] =>
  told[command].map((type) => {
    const { slot, booking } = after;
    const data = booking === undefined ? slotData(slot, reason) : bookingData(slot, booking, reason);
    return event(withOutcome(type, booking), slot, data, at, actor);
  });

export const slotPublished = (slot: Slot, at: Instant, actor: Actor): NewEvent =>
  event('slot.published', slot, slotData(slot, undefined), at, actor);

export const slotPurged = (slot: Slot, { at, actor }: Accepted): NewEvent =>
  event('slot.purged', slot, slotData(slot, undefined), at, actor);

/** A change of a slot that leaves its status alone; it says what the slot was before. */
export const slotMoved = ({ before, after }: SlotChange, { at, actor, reason }: Accepted): NewEvent =>
  event(
    'slot.moved',
    after,
    {
      ...changedSlotData(after, reason),
      previousStartsAt: before.startsAt.toJSON(),
      previousEndsAt: before.endsAt.toJSON(),
    },
    at,
    actor,
  );

export const slotReassigned = ({ before, after }: SlotChange, { at, actor, reason }: Accepted): NewEvent =>
  event(
    'slot.reassigned',
    after,
    { ...changedSlotData(after, reason), previousRecruiterId: before.recruiterId },
    at,
    actor,
  );

/** Somebody who did not come is another event than an interview that took place. */
function withOutcome(type: EventType, booking: Booking | undefined): EventType {
  const missed = booking?.outcome !== undefined && booking.outcome !== 'attended';
  return type === 'booking.completed' && missed ? 'booking.no_show' : type;
}

function event<Type extends EventType>(
  type: Type,
  slot: Slot,
  data: EventData[Type],
  at: Instant,
  actor: Actor,
): NewEvent {
  return { type, aggregate: `slot:${slot.id}`, occurredAt: at.toJSON(), actor, data } as NewEvent;
}

const slotData = (slot: Slot, reason: string | undefined): SlotEventData => ({
  slotId: slot.id,
  recruiterId: slot.recruiterId,
  cityId: slot.cityId,
  purpose: slot.purpose,
  startsAt: slot.startsAt.toJSON(),
  endsAt: slot.endsAt.toJSON(),
  ...(reason === undefined ? {} : { reason }),
});

const changedSlotData = (slot: Slot, reason: string | undefined): ChangedSlotEventData => ({
  ...slotData(slot, reason),
  ...(slot.currentBookingId === undefined ? {} : { bookingId: slot.currentBookingId }),
  ...(slot.candidateId === undefined ? {} : { candidateId: slot.candidateId }),
});

/** What an event says of a booking and its slot. */
export const bookingData = (slot: Slot, booking: Booking, reason: string | undefined): BookingEventData => ({
  ...slotData(slot, reason),
  bookingId: booking.id,
  candidateId: booking.candidateId,
  ...(booking.movedToId === undefined ? {} : { movedToId: booking.movedToId }),
  ...(booking.outcome === undefined ? {} : { outcome: booking.outcome }),
});
