import { ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { PeriodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Forbidden } from '../../domain/shared/actor.ts';
import type { ItemsRefused } from '../../domain/shared/bulk.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { SlotInPast, SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { StoreMovedError } from '../booking/store-transition.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import {
  lockSlots,
  parseChangeSlots,
  unlessRefused,
  type ChangedSlots,
  type ChangeSlots,
} from './bulk-change.ts';
import { changeable } from './changeable.ts';
import { feasibleChanges } from './feasible-changes.ts';
import { lockSchedulesOf } from './lock-schedules-of.ts';
import { movedInTime, storeChangedSlots } from './store-changed-slots.ts';

export interface MoveSlots extends ChangeSlots {
  /** Whole minutes, negative for an earlier time; not 0, and a year at most. */
  readonly offsetMinutes: number;
}

/** Why one of many slots cannot be moved. */
export type SlotNotMoved =
  | SlotNotFound
  | SlotConflict
  | SlotInPast
  | PeriodBlocked
  | TooLate
  | InvalidTransition
  | ValidationError
  | StaleVersion;

export type MoveSlotsError = Forbidden | ItemsRefused<SlotNotMoved> | StoreMovedError | CommandError;

/**
 * Moves slots by the same time, free or taken, with their bookings, which are answered because their candidates have to
 * be told. Slots may take over one another's times. All of them are moved or none; with `onConflict: 'skip'` those that
 * cannot be stay where they are, and the answer says why. A slot that has started is not moved.
 */
export const moveSlots =
  (context: UseCaseContext) =>
  (
    command: MoveSlots,
    options: UseCaseOptions = {},
  ): ResultAsync<ChangedSlots<SlotNotMoved>, MoveSlotsError> =>
    runCommand(context, options, { name: 'slots.moveMany', input: command }, (uow) =>
      safeTry<ChangedSlots<SlotNotMoved>, MoveSlotsError>(async function* () {
        const parsed = yield* parseChangeSlots(command);
        const offset = yield* parseOffset(command.offsetMinutes);
        yield* lockSchedulesOf(uow, parsed.ids);
        const { named, missing, now } = yield* lockSlots(uow, parsed, 'move');
        const { changes, refused } = yield* feasibleChanges(uow, named, (slot) =>
          changeable(slot, 'move', now)
            .andThen((able) => able.shifted(offset * MINUTE))
            .andThen((moved) =>
              moved.startsAt.isAfter(now)
                ? ok(moved)
                : fail({ type: 'SlotInPast', startsAt: moved.startsAt }),
            ),
        );
        const conflicts = yield* unlessRefused<SlotNotMoved>([...missing, ...refused], parsed.onConflict);
        const accepted = { at: now, actor: parsed.actor, reason: parsed.reason };
        const stored = yield* storeChangedSlots(uow, movedInTime, changes, accepted);
        return ok({ slots: stored.slots, affected: stored.bookings, conflicts });
      }),
    );

const A_YEAR = 366 * 24 * 60;

const parseOffset = (minutes: number): Result<number, ValidationError> =>
  Number.isInteger(minutes) && minutes !== 0 && Math.abs(minutes) <= A_YEAR
    ? ok(minutes)
    : invalid('offsetMinutes', `must be an integer other than 0, from -${A_YEAR} to ${A_YEAR}`);
