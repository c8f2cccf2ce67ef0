import { err, safeTry, type ResultAsync } from 'neverthrow';
import { mergePolicies } from '../../domain/booking/booking-policy.ts';
import type { CityInactive, CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../../domain/recruiter/recruiter-errors.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { SlotInPast, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import { draftSlot, type NewSlot, type Slot } from '../../domain/slot/slot.ts';
import { recordPublished } from '../booking/store-transition.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

/** A recruiter offers a time. What is left out follows the city (`timeZone`) and the policy (buffers). */
export interface PublishSlot extends Omit<NewSlot, 'timeZone'> {
  readonly timeZone?: string;
  /** The recruiter itself when left out. */
  readonly actor?: Actor;
}

export type PublishSlotError =
  | SlotOverlap
  | SlotInPast
  | RecruiterNotFound
  | RecruiterInactive
  | CityNotFound
  | CityInactive
  | CityNotLinked
  | InvalidTimeZone
  | Forbidden
  | CommandError;

/** Publishes one free slot of an active recruiter in an active city the recruiter works in. */
export const publishSlot =
  (context: UseCaseContext) =>
  (command: PublishSlot, options: UseCaseOptions = {}): ResultAsync<Slot, PublishSlotError> =>
    runCommand(context, options, { name: 'slots.publish', input: command }, (uow) =>
      safeTry<Slot, PublishSlotError>(async function* () {
        const actor = yield* parseActor(command.actor ?? { kind: 'recruiter', id: command.recruiterId });
        const recruiter = yield* uow.recruiters.getForShare(command.recruiterId);
        if (!actsFor(actor, 'recruiter', recruiter.id)) return err(forbidden('publish', actor));
        if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
        const city = yield* uow.cities.getForShare(command.cityId);
        if (!city.active) return fail({ type: 'CityInactive', id: city.id });
        if (!recruiter.worksIn(city.id))
          return fail({ type: 'CityNotLinked', recruiterId: recruiter.id, cityId: city.id });

        const policy = mergePolicies(context.policy, city.policy, recruiter.policy);
        const slot: NewSlot = {
          ...command,
          bufferBeforeMinutes: command.bufferBeforeMinutes ?? policy.bufferBeforeMinutes,
          bufferAfterMinutes: command.bufferAfterMinutes ?? policy.bufferAfterMinutes,
          timeZone: command.timeZone ?? city.timeZone,
        };
        const { startsAt } = yield* draftSlot(slot);
        const now = yield* uow.now();
        if (!startsAt.isAfter(now)) return fail({ type: 'SlotInPast', startsAt });
        const published = yield* uow.slots.add(slot);
        return recordPublished(uow, published, { at: now, actor });
      }),
    );
