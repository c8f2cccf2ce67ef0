import { err, safeTry, type ResultAsync } from 'neverthrow';
import { periodBlocked, type PeriodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import { parseActor, type Actor } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { SlotInPast, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import { draftSlot, type NewSlot, type Slot } from '../../domain/slot/slot.ts';
import { recordPublished } from '../booking/store-transition.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { offeringOf, withDefaults, type OfferingError } from './offering.ts';

/** A recruiter offers a time. What is left out follows the city (`timeZone`) and the rules that hold for it (buffers). */
export interface PublishSlot extends Omit<NewSlot, 'timeZone'> {
  readonly timeZone?: string;
  /** The recruiter itself when left out. */
  readonly actor?: Actor;
}

export type PublishSlotError =
  | SlotOverlap
  | SlotInPast
  | PeriodBlocked
  | InvalidTimeZone
  | OfferingError
  | CommandError;

/** Publishes one free slot of an active recruiter in an active city the recruiter works in, at a time that is not blocked. */
export const publishSlot =
  (context: UseCaseContext) =>
  (command: PublishSlot, options: UseCaseOptions = {}): ResultAsync<Slot, PublishSlotError> =>
    runCommand(context, options, { name: 'slots.publish', input: command }, (uow) =>
      safeTry<Slot, PublishSlotError>(async function* () {
        const actor = yield* parseActor(command.actor ?? { kind: 'recruiter', id: command.recruiterId });
        const offering = yield* offeringOf(uow, context, command, actor);
        const slot: NewSlot = withDefaults(command, offering);
        const draft = yield* draftSlot(slot);
        const now = yield* uow.now();
        if (!draft.startsAt.isAfter(now)) return fail({ type: 'SlotInPast', startsAt: draft.startsAt });
        const [period] = (yield* uow.blockedPeriods.lockBlocking([draft])).values();
        if (period !== undefined) return err(periodBlocked(period));
        const published = yield* uow.slots.add(slot);
        return recordPublished(uow, published, { at: now, actor });
      }),
    );
