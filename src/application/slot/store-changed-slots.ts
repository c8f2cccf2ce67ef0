import type { ResultAsync } from 'neverthrow';
import type { NewAuditEntry } from '../../domain/audit/audit-entry.ts';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import { Booking } from '../../domain/booking/booking.ts';
import type { NewEvent } from '../../domain/event/domain-event.ts';
import type { SlotChange } from '../../domain/slot/settle-changes.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import { slotMoved, slotReassigned } from '../booking/events-of-transition.ts';
import { storeBookings, type StoreManyError } from '../booking/store-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { liveBookingsOf } from './bulk-change.ts';

/** What a slot can go through without a change of its status. */
interface SlotAlteration {
  /** As the audit trail has it; a booking that moves to another slot is another action. */
  readonly action: 'moveSlot' | 'reassign';
  readonly event: (change: SlotChange, accepted: Accepted) => NewEvent;
  /** What the audit trail keeps of it. */
  readonly facts: (slot: Slot) => Readonly<Record<string, unknown>>;
}

export const movedInTime: SlotAlteration = {
  action: 'moveSlot',
  event: slotMoved,
  facts: ({ startsAt, endsAt }) => ({ startsAt: startsAt.toJSON(), endsAt: endsAt.toJSON() }),
};

export const givenToAnother: SlotAlteration = {
  action: 'reassign',
  event: slotReassigned,
  facts: ({ recruiterId }) => ({ recruiterId }),
};

/** Slots and the live bookings of them, as they are stored. */
export interface StoredSlots {
  readonly slots: readonly Slot[];
  readonly bookings: readonly Booking[];
}

/** Stores slots that change but for their status, each with an entry in the audit trail and an event. */
export const storeChangedSlots = (
  uow: UnitOfWork,
  { action, event, facts }: SlotAlteration,
  changes: readonly SlotChange[],
  accepted: Accepted,
): ResultAsync<StoredSlots, StoreManyError | BookingNotFound> =>
  uow.slots
    .updateMany(changes.map(({ after }) => after))
    .andThen((slots) =>
      liveBookingsOf(uow, slots)
        .andThen((bookings) => lapsingWithTheirSlots(uow, slots, bookings))
        .map((bookings) => ({ slots, bookings })),
    )
    .andThen((stored) => {
      const states = new Map(stored.bookings.map(({ id, state }) => [id, state]));
      const entries = changes.map(({ before, after }): NewAuditEntry => {
        const { currentBookingId } = after;
        const state = currentBookingId === undefined ? undefined : states.get(currentBookingId);
        return {
          ...accepted,
          entity: 'slot',
          entityId: after.id,
          action,
          from: before.status,
          to: after.status,
          bookingId: currentBookingId,
          bookingFrom: state,
          bookingTo: state,
          candidateId: after.candidateId,
          data: { before: facts(before), after: facts(after) },
        };
      });
      return uow.audit
        .appendMany(entries)
        .andThen(() => uow.events.append(changes.map((change) => event(change, accepted))))
        .map(() => stored);
    });

/** A hold or request on a slot that is earlier now may lapse earlier too. */
function lapsingWithTheirSlots(
  uow: UnitOfWork,
  slots: readonly Slot[],
  bookings: readonly Booking[],
): ResultAsync<readonly Booking[], StoreManyError | BookingNotFound> {
  const lapses = new Map(slots.map(({ id, holdExpiresAt }) => [id, holdExpiresAt]));
  const earlier = bookings.flatMap((booking) => {
    const expiresAt = lapses.get(booking.slotId);
    return expiresAt === undefined || booking.expiresAt?.equals(expiresAt) === true
      ? []
      : [new Booking({ ...booking, expiresAt })];
  });
  return storeBookings(uow, earlier).map((stored) => {
    const byId = new Map(stored.map((booking) => [booking.id, booking]));
    return bookings.map((booking) => byId.get(booking.id) ?? booking);
  });
}
