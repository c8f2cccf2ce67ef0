import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, SlotId } from '../../domain/shared/id.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { parseReason } from '../booking/reason.ts';
import { storeMoved, storeWithdrawn, type StoreMovedError } from '../booking/store-transition.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { withdrawalOf } from './withdrawal.ts';

export interface WithdrawSlot {
  readonly slotId: IdInput<SlotId>;
  readonly actor: Actor;
  /** Required from a recruiter or an admin. */
  readonly reason?: string;
}

export type WithdrawSlotError = Forbidden | InvalidTransition | TooLate | StoreMovedError | CommandError;

/**
 * Takes a slot off the board, free or taken; a live booking of it is canceled. The row stays as history. A slot that
 * somebody has can be withdrawn until it starts.
 */
export const withdrawSlot =
  (context: UseCaseContext) =>
  (command: WithdrawSlot, options: UseCaseOptions = {}): ResultAsync<Slot, WithdrawSlotError> =>
    runCommand(context, options, { name: 'slots.withdraw', input: command }, (uow) =>
      safeTry<Slot, WithdrawSlotError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor, true);
        const slot = yield* uow.slots.getForUpdate(command.slotId);
        if (!actsFor(actor, 'recruiter', slot.recruiterId)) return err(forbidden('withdraw', actor));
        const accepted = { at: yield* uow.now(), actor, reason };
        const id = isActive(slot.status) ? slot.currentBookingId : undefined;
        const booking = id === undefined ? undefined : yield* uow.bookings.get(id);
        const withdrawal = yield* withdrawalOf(slot, booking, accepted);
        if (withdrawal.command === 'withdrawOccupied')
          return storeMoved(uow, withdrawal).map((stored) => stored.slot);
        const { before, after } = withdrawal;
        return storeWithdrawn(uow, { ...accepted, before: before.slot, after: after.slot });
      }),
    );
