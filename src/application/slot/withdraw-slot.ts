import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound, TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { moveBooking, withdrawFree } from '../../domain/booking/transition-booking.ts';
import { fail } from '../../domain/shared/fail.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, SlotId } from '../../domain/shared/id.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { parseReason } from '../booking/reason.ts';
import type { TransactionError } from '../ports/unit-of-work.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from '../use-case.ts';

export interface WithdrawSlot {
  readonly slotId: IdInput<SlotId>;
  readonly actor: Actor;
  /** Required from a recruiter or an admin. */
  readonly reason?: string;
}

export type WithdrawSlotError =
  | SlotNotFound
  | BookingNotFound
  | Forbidden
  | InvalidTransition
  | TooLate
  | SlotConflict
  | StaleVersion
  | RepositoryError
  | TransactionError;

/**
 * Takes a slot off the board, free or taken; a live booking of it is canceled. The row stays as history. A slot that
 * somebody has can be withdrawn until it starts.
 */
export const withdrawSlot =
  (context: UseCaseContext) =>
  (command: WithdrawSlot, options: UseCaseOptions = {}): ResultAsync<Slot, WithdrawSlotError> =>
    inUnitOfWork(context, options, (uow) =>
      safeTry<Slot, WithdrawSlotError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor, true);
        const slot = yield* uow.slots.getForUpdate(command.slotId);
        if (!actsFor(actor, 'recruiter', slot.recruiterId)) return err(forbidden('withdraw', actor));
        if (!isActive(slot.status) || slot.currentBookingId === undefined)
          return withdrawFree(slot).asyncAndThen((withdrawn) => uow.slots.update(withdrawn));

        const booking = yield* uow.bookings.get(slot.currentBookingId);
        const at = yield* uow.now();
        if (!slot.startsAt.isAfter(at)) return fail({ type: 'TooLate', deadline: slot.startsAt });
        const moved = yield* moveBooking('withdrawOccupied', { slot, booking }, { at, actor, reason });
        yield* uow.bookings.update(moved.booking);
        return uow.slots.update(moved.slot);
      }),
    );
