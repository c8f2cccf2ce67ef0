import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Forbidden } from '../../domain/shared/actor.ts';
import type { ItemsRefused } from '../../domain/shared/bulk.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { AppliedTransition } from '../booking/applied-transition.ts';
import { storeMany, type StoreMovedError } from '../booking/store-transition.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import {
  liveBookingsOf,
  lockSlots,
  parseChangeSlots,
  partition,
  unlessRefused,
  type ChangedSlots,
  type ChangeSlots,
} from './bulk-change.ts';
import { withdrawalOf } from './withdrawal.ts';

/** Why one of many slots cannot be withdrawn. */
export type SlotNotWithdrawn = SlotNotFound | InvalidTransition | TooLate | StaleVersion;

export type WithdrawSlotsError = Forbidden | ItemsRefused<SlotNotWithdrawn> | StoreMovedError | CommandError;

/**
 * Takes many slots off the board, as `withdraw` takes one: all of them or none, unless `onConflict` is `skip`. Answers
 * the bookings that were canceled. A few statements for all of them.
 */
export const withdrawSlots =
  (context: UseCaseContext) =>
  (
    command: ChangeSlots,
    options: UseCaseOptions = {},
  ): ResultAsync<ChangedSlots<SlotNotWithdrawn>, WithdrawSlotsError> =>
    runCommand(context, options, { name: 'slots.withdrawMany', input: command }, (uow) =>
      safeTry<ChangedSlots<SlotNotWithdrawn>, WithdrawSlotsError>(async function* () {
        const parsed = yield* parseChangeSlots(command);
        const { named, missing, now } = yield* lockSlots(uow, parsed, 'withdraw');
        const accepted = { at: now, actor: parsed.actor, reason: parsed.reason };
        const slots = named.map(({ slot }) => slot);
        const bookings = new Map(
          (yield* liveBookingsOf(uow, slots)).map((booking) => [booking.slotId, booking]),
        );
        const { done, refused } = partition(
          named.map(({ index, slot }) => ({
            index,
            outcome: withdrawalOf(slot, bookings.get(slot.id), accepted),
          })),
        );
        const conflicts = yield* unlessRefused<SlotNotWithdrawn>([...missing, ...refused], parsed.onConflict);
        const stored = yield* storeMany<AppliedTransition>(uow, done);
        return ok({
          slots: stored.map(({ after }) => after.slot),
          affected: stored.flatMap(({ after }) => after.booking ?? []),
          conflicts,
        });
      }),
    );
