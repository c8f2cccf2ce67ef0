import { okAsync, ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { ItemsRefused } from '../../domain/shared/bulk.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { followOffer, type FollowOfferError } from '../waitlist/follow-offer.ts';
import type { Accepted, AppliedTransition } from './applied-transition.ts';
import { eventsOf, slotPublished } from './events-of-transition.ts';
import { supersedeRequest } from './supersede-request.ts';

// Every change of a slot's status is stored here, with one entry in the audit trail and its events: all of it with the
// commit of the unit of work, or nothing.

type StoreSlotError = SlotNotFound | SlotConflict | StaleVersion | RepositoryError;
export type StoreManyError = StoreSlotError | ItemsRefused<SlotNotFound | StaleVersion>;
export type StoreStartedError = StoreSlotError | CandidateNotFound;
export type StoreMovedError = StoreSlotError | BookingNotFound | FollowOfferError;

/** Stores a slot that somebody has taken, and the new booking; answers both as they are stored. */
export const storeStarted = (
  uow: UnitOfWork,
  transition: AppliedTransition & { readonly after: Standing },
): ResultAsync<Standing, StoreStartedError> =>
  uow.slots
    .update(transition.after.slot)
    .andThen((slot) => uow.bookings.add(transition.after.booking).map((booking) => ({ slot, booking })))
    .andThen((after) => recorded(uow, { ...transition, after }, after));

/**
 * Stores a booking that has moved on or ended, its slot, and who waited for it; answers both as they are stored. When it
 * has ended, nobody needs to decide any more whether to reschedule it.
 */
export const storeMoved = (
  uow: UnitOfWork,
  transition: AppliedTransition & { readonly before: Standing; readonly after: Standing },
): ResultAsync<Standing, StoreMovedError> =>
  uow.slots
    .update(transition.after.slot)
    .andThen((slot) => uow.bookings.update(transition.after.booking).map((booking) => ({ slot, booking })))
    .andThen((after) => recorded(uow, { ...transition, after }, after))
    .andThen((after) => supersedeRequest(uow, transition).map(() => after))
    .andThen((after) => followOffer(uow, transition).map(() => after));

/** Stores a slot that nobody had. */
export const storeWithdrawn = (
  uow: UnitOfWork,
  { before, after, ...accepted }: Accepted & { readonly before: Slot; readonly after: Slot },
): ResultAsync<Slot, StoreSlotError> =>
  uow.slots
    .update(after)
    .andThen((slot) =>
      recorded(uow, { ...accepted, command: 'withdraw', before: { slot: before }, after: { slot } }, slot),
    );

/** Writes down that a slot was published, which has been stored already. */
export const recordPublished = (
  uow: UnitOfWork,
  slot: Slot,
  { at, actor }: Accepted,
): ResultAsync<Slot, RepositoryError> =>
  uow.audit
    .append({ at, entity: 'slot', entityId: slot.id, action: 'publish', to: slot.status, actor })
    .andThen(() => uow.events.append([slotPublished(slot, at, actor)]))
    .map(() => slot);

/** The same for many slots that were published together. */
export const recordPublishedMany = (
  uow: UnitOfWork,
  slots: readonly Slot[],
  { at, actor }: Accepted,
): ResultAsync<void, RepositoryError> =>
  uow.audit
    .appendMany(
      slots.map(({ id, status }) => ({
        at,
        entity: 'slot' as const,
        entityId: id,
        action: 'publish',
        to: status,
        actor,
      })),
    )
    .andThen(() => uow.events.append(slots.map((slot) => slotPublished(slot, at, actor))))
    .map(() => undefined);

/** Stores many slots that are withdrawn together, and the bookings that end with them; answers the slots. */
export const storeWithdrawnMany = (
  uow: UnitOfWork,
  transitions: readonly AppliedTransition[],
): ResultAsync<readonly AppliedTransition[], StoreManyError | BookingNotFound> =>
  uow.slots
    .updateMany(transitions.map(({ after }) => after.slot))
    .andThen((slots) =>
      ResultAsync.combine(
        transitions.map(({ after }) =>
          after.booking === undefined ? okAsync(undefined) : uow.bookings.update(after.booking),
        ),
      ).map((bookings) =>
        transitions.map((transition, index) => ({
          ...transition,
          after: { slot: slots[index] ?? transition.after.slot, booking: bookings[index] },
        })),
      ),
    )
    .andThen((stored) =>
      uow.audit
        .appendMany(stored.map(entryOf))
        .andThen(() => uow.events.append(stored.flatMap(eventsOf)))
        .map(() => stored),
    );

const recorded = <T>(
  uow: UnitOfWork,
  transition: AppliedTransition,
  stored: T,
): ResultAsync<T, RepositoryError> =>
  uow.audit
    .append(entryOf(transition))
    .andThen(() => uow.events.append(eventsOf(transition)))
    .andThen(() => okAsync(stored));

const entryOf = ({ command, before, after, at, actor, reason }: AppliedTransition) => ({
  at,
  entity: 'slot' as const,
  entityId: after.slot.id,
  action: command,
  from: before.slot.status,
  to: after.slot.status,
  bookingId: after.booking?.id,
  bookingFrom: before.booking?.state,
  bookingTo: after.booking?.state,
  candidateId: after.booking?.candidateId,
  actor,
  reason,
  ...(after.booking?.outcome === undefined ? {} : { data: { outcome: after.booking.outcome } }),
});
