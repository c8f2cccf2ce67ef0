import { ok, Result, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { overdue } from '../../domain/booking/overdue.ts';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { BookingId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import { present } from '../../domain/shared/present.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Accepted, AppliedMove } from './applied-transition.ts';
import { storeMany, type StoreMovedError } from './store-transition.ts';

export type SettleError = InvalidTransition | StoreMovedError;

/** What time has ended. */
export interface Settled {
  /** All slots, as they are now, in the order given. */
  readonly slots: readonly Slot[];
  /** Those that it has ended, with their bookings, as they were before. */
  readonly ended: readonly Standing[];
}

/**
 * Clears what time has decided on locked slots: holds, requests and offers that lapsed, interviews that are over. Without
 * this a lapsed hold would still block its slot and its candidate, because the guards of the database see only rows.
 */
export const settleSlots = (
  uow: UnitOfWork,
  slots: readonly Slot[],
  now: Instant,
): ResultAsync<Settled, SettleError> =>
  safeTry<Settled, SettleError>(async function* () {
    const due = slots.filter((slot) => overdue(slot, now) !== undefined);
    if (due.length === 0) return ok({ slots, ended: [] });
    const accepted: Accepted = { at: now, actor: { kind: 'system' } };
    const moves = yield* Result.combine(
      (yield* standingsOf(uow, due)).map((before) => endOf(before, accepted)),
    );
    const stored = yield* storeMany(uow, moves);
    const settled = new Map(stored.map(({ after }) => [after.slot.id, after.slot]));
    return ok({
      slots: slots.map((slot) => settled.get(slot.id) ?? slot),
      ended: stored.map(({ before }) => before),
    });
  });

/** What time makes of a slot whose time has come. */
function endOf(before: Standing, accepted: Accepted): Result<AppliedMove, InvalidTransition> {
  const command = overdue(before.slot, accepted.at) as NonNullable<ReturnType<typeof overdue>>;
  return moveBooking(command, before, accepted).map((after) => ({ ...accepted, command, before, after }));
}

/** The same for one slot; answers it as it is then. */
export const settleSlot = (uow: UnitOfWork, slot: Slot, now: Instant): ResultAsync<Slot, SettleError> =>
  settleSlots(uow, [slot], now).map(({ slots: [settled = slot] }) => settled);

/** A slot that somebody has, with the booking by which they have it. */
export const standingOf = (
  uow: UnitOfWork,
  slot: Slot,
): ResultAsync<Standing, BookingNotFound | RepositoryError> =>
  uow.bookings.get(currentBooking(slot)).map((booking) => ({ slot, booking }));

/** The same for several slots. */
const standingsOf = (
  uow: UnitOfWork,
  slots: readonly Slot[],
): ResultAsync<readonly Standing[], BookingNotFound | RepositoryError> =>
  uow.bookings.getMany(slots.map(currentBooking)).andThen((found) =>
    Result.combine(
      slots.map((slot) => {
        const id = currentBooking(slot);
        return present<BookingNotFound>({ type: 'BookingNotFound', id })(found.get(id)).map((booking) => ({
          slot,
          booking,
        }));
      }),
    ),
  );

/** The row's own guard says that an occupied slot points at a booking. */
const currentBooking = ({ currentBookingId }: Slot): BookingId => currentBookingId as BookingId;
