import { okAsync, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { ItemsRefused, RefusedItem } from '../../domain/shared/bulk.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { followOffers } from '../waitlist/follow-offers.ts';
import { isMove, type Accepted, type AppliedMove, type AppliedTransition } from './applied-transition.ts';
import { eventsOf, slotPublished } from './events-of-transition.ts';
import { supersedeRequests } from './supersede-requests.ts';

// Every change of a slot's status is stored here, with one entry in the audit trail and its events: all of it with the
// commit of the unit of work, or nothing.

type StoreSlotError = SlotNotFound | SlotConflict | StaleVersion | RepositoryError;
export type StoreManyError = StoreSlotError | ItemsRefused<SlotNotFound | StaleVersion>;
export type StoreStartedError = StoreSlotError | CandidateNotFound;
export type StoreMovedError = StoreSlotError | BookingNotFound;

/** Stores a slot that somebody has taken, and the new booking; answers both as they are stored. */
export const storeStarted = (
  uow: UnitOfWork,
  transition: AppliedTransition & { readonly after: Standing },
): ResultAsync<Standing, StoreStartedError> =>
  uow.slots
    .update(transition.after.slot)
    .andThen((slot) => uow.bookings.add(transition.after.booking).map((booking) => ({ slot, booking })))
    .andThen((after) => followed(uow, [{ ...transition, after }]).map(() => after));

/** Stores a booking that has moved on or ended, and its slot; answers both as they are stored. */
export const storeMoved = (
  uow: UnitOfWork,
  transition: AppliedMove,
): ResultAsync<Standing, StoreMovedError> =>
  uow.slots
    .update(transition.after.slot)
    .andThen((slot) => uow.bookings.update(transition.after.booking).map((booking) => ({ slot, booking })))
    .andThen((after) => followed(uow, [{ ...transition, after }]).map(() => after));

/** Stores a slot that nobody had. */
export const storeWithdrawn = (
  uow: UnitOfWork,
  { before, after, ...accepted }: Accepted & { readonly before: Slot; readonly after: Slot },
): ResultAsync<Slot, StoreSlotError> =>
  uow.slots
    .update(after)
    .andThen((slot) =>
      followed(uow, [{ ...accepted, command: 'withdraw', before: { slot: before }, after: { slot } }]).map(
        () => slot,
      ),
    );

/** Stores many slots at once and the bookings that move on or end with them; a slot is given once. */
export const storeMany = <T extends AppliedTransition>(
  uow: UnitOfWork,
  transitions: readonly T[],
): ResultAsync<readonly T[], StoreMovedError> => {
  if (transitions.length === 0) return okAsync([]);
  return uow.slots
    .updateMany(transitions.map(({ after }) => after.slot))
    .mapErr(theFirst)
    .andThen((slots) =>
      storeBookings(
        uow,
        transitions.flatMap(({ after }) => after.booking ?? []),
      ).map((bookings) => {
        const stored = new Map(bookings.map((booking) => [booking.id, booking]));
        return transitions.map((transition, index): T => {
          const { slot, booking } = transition.after;
          const after = {
            slot: slots[index] ?? slot,
            ...(booking === undefined ? {} : { booking: stored.get(booking.id) ?? booking }),
          };
          return { ...transition, after };
        });
      }),
    )
    .andThen((stored) => followed(uow, stored).map(() => stored));
};

/** Stores bookings that have changed with their slots. */
export const storeBookings = (
  uow: UnitOfWork,
  bookings: readonly Booking[],
): ResultAsync<readonly Booking[], BookingNotFound | StaleVersion | RepositoryError> =>
  bookings.length === 0 ? okAsync([]) : uow.bookings.updateMany(bookings).mapErr(theFirst);

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

/**
 * Writes down what was stored, and takes along what hangs on it: requests to reschedule a booking that has ended, and who
 * was offered one from a waiting list.
 */
const followed = (
  uow: UnitOfWork,
  transitions: readonly AppliedTransition[],
): ResultAsync<void, StaleVersion | RepositoryError> => {
  const moves = transitions.filter(isMove);
  return uow.audit
    .appendMany(transitions.map(entryOf))
    .andThen(() => uow.events.append(transitions.flatMap(eventsOf)))
    .andThen(() => supersedeRequests(uow, moves))
    .andThen(() => followOffers(uow, moves));
};

/** Why rows that were locked before could not be stored; one reason is as good as all. */
const theFirst = <E extends { readonly type: string }, Other extends { readonly type: string }>(
  error: ItemsRefused<E> | Other,
): E | Other => (isRefused(error) ? (error.refused[0] as RefusedItem<E>).error : error);

const isRefused = <E extends { readonly type: string }>(
  error: ItemsRefused<E> | { readonly type: string },
): error is ItemsRefused<E> => error.type === 'ItemsRefused';

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
