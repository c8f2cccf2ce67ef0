import { ok, okAsync, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { overdue } from '../../domain/booking/overdue.ts';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Accepted } from './applied-transition.ts';
import { storeMoved, type StoreMovedError } from './store-transition.ts';

export type SettleError = InvalidTransition | StoreMovedError;

/** What became of a slot. */
export interface Settled {
  readonly slot: Slot;
  /** The booking that time has ended, as it was before. */
  readonly ended?: Standing;
}

/**
 * Clears what time has decided on a locked slot: a hold, request or offer that lapsed, an interview that is over. Without
 * this a lapsed hold would still block its slot and its candidate, because the guards of the database see only rows.
 */
export const settleSlot = (uow: UnitOfWork, slot: Slot, now: Instant): ResultAsync<Settled, SettleError> =>
  safeTry<Settled, SettleError>(async function* () {
    const command = overdue(slot, now);
    if (command === undefined) return ok({ slot });
    const accepted: Accepted = { at: now, actor: { kind: 'system' } };
    const before = yield* standingOf(uow, slot);
    const after = yield* moveBooking(command, before, accepted);
    const stored = yield* storeMoved(uow, { ...accepted, command, before, after });
    return ok({ slot: stored.slot, ended: before });
  });

/** The same for several slots; answers them as they are then. */
export const settleSlots = (
  uow: UnitOfWork,
  slots: readonly Slot[],
  now: Instant,
): ResultAsync<readonly Slot[], SettleError> =>
  slots.reduce<ResultAsync<readonly Slot[], SettleError>>(
    (before, next) =>
      before.andThen((settled) => settleSlot(uow, next, now).map(({ slot }) => [...settled, slot])),
    okAsync([]),
  );

/** A slot that somebody has, with the booking by which they have it. */
export function standingOf(
  uow: UnitOfWork,
  slot: Slot,
): ResultAsync<Standing, BookingNotFound | RepositoryError> {
  // The row's own guard says that an occupied slot points at a booking.
  const id = slot.currentBookingId as NonNullable<Slot['currentBookingId']>;
  return uow.bookings.get(id).map((booking) => ({ slot, booking }));
}
