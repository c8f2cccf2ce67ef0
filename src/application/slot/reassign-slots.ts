import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { PeriodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../../domain/recruiter/recruiter-errors.ts';
import type { Forbidden } from '../../domain/shared/actor.ts';
import type { ItemsRefused } from '../../domain/shared/bulk.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseRecruiterId, type IdInput, type RecruiterId } from '../../domain/shared/id.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
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
import { givenToAnother, storeChangedSlots } from './store-changed-slots.ts';

export interface ReassignSlots extends ChangeSlots {
  /** Who has the slots from now on; those that are this recruiter's already stay as they are. */
  readonly recruiterId: IdInput<RecruiterId>;
}

/** Why one of many slots cannot be given to another recruiter. */
export type SlotNotReassigned =
  | SlotNotFound
  | SlotConflict
  | CityNotLinked
  | PeriodBlocked
  | TooLate
  | InvalidTransition
  | StaleVersion;

export type ReassignSlotsError =
  | Forbidden
  | RecruiterNotFound
  | RecruiterInactive
  | ItemsRefused<SlotNotReassigned>
  | StoreMovedError
  | CommandError;

/**
 * Gives slots to another recruiter who works in their cities, free or taken, with their bookings, which are answered
 * because their candidates have to be told. All of them or none, unless `onConflict` is `skip`. A slot that has started
 * stays whose it is.
 */
export const reassignSlots =
  (context: UseCaseContext) =>
  (
    command: ReassignSlots,
    options: UseCaseOptions = {},
  ): ResultAsync<ChangedSlots<SlotNotReassigned>, ReassignSlotsError> =>
    runCommand(context, options, { name: 'slots.reassignMany', input: command }, (uow) =>
      safeTry<ChangedSlots<SlotNotReassigned>, ReassignSlotsError>(async function* () {
        const parsed = yield* parseChangeSlots(command);
        const recruiterId = yield* parseRecruiterId(command.recruiterId);
        yield* lockSchedulesOf(uow, parsed.ids, recruiterId);
        const { named, missing, now } = yield* lockSlots(uow, parsed, 'reassign');
        const recruiter = yield* uow.recruiters.getForShare(recruiterId);
        if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
        const others = named.filter(({ slot }) => slot.recruiterId !== recruiter.id);
        const { changes, refused } = yield* feasibleChanges(uow, others, (slot) =>
          changeable(slot, 'reassign', now).andThen((able) =>
            recruiter.worksIn(able.cityId)
              ? ok(able.assignedTo(recruiter.id))
              : fail({ type: 'CityNotLinked', recruiterId: recruiter.id, cityId: able.cityId }),
          ),
        );
        const conflicts = yield* unlessRefused<SlotNotReassigned>(
          [...missing, ...refused],
          parsed.onConflict,
        );
        const accepted = { at: now, actor: parsed.actor, reason: parsed.reason };
        const stored = yield* storeChangedSlots(uow, givenToAnother, changes, accepted);
        return ok({ slots: stored.slots, affected: stored.bookings, conflicts });
      }),
    );
