import { err, ok, Result, safeTry, type ResultAsync } from 'neverthrow';
import { forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import {
  parseCityId,
  parseRecruiterId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../../domain/shared/id.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import { slotPurged } from '../booking/events-of-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface PurgePastSlots {
  /** Slots that had ended by then; now when left out, and never later than now. */
  readonly before?: InstantInput;
  readonly recruiterId?: IdInput<RecruiterId>;
  readonly cityId?: IdInput<CityId>;
  /** A recruiter may purge slots of its own, which it has to name. */
  readonly actor: Actor;
}

export interface PurgedSlots {
  /** How many slots were deleted. */
  readonly deleted: number;
}

export type PurgePastSlotsError = Forbidden | CommandError;

const BATCH = 1_000;

/**
 * Deletes free slots that are over and never had a booking; the audit trail keeps that they were there. Slots that
 * somebody has locked are left for the next time. Two statements and more for each thousand slots, in one transaction.
 */
export const purgePastSlots =
  (context: UseCaseContext) =>
  (command: PurgePastSlots, options: UseCaseOptions = {}): ResultAsync<PurgedSlots, PurgePastSlotsError> =>
    runCommand(context, options, { name: 'slots.purgePast', input: command }, (uow) =>
      safeTry<PurgedSlots, PurgePastSlotsError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const [before, recruiterId, cityId] = yield* Result.combine([
          command.before === undefined ? ok(undefined) : Instant.parse(command.before, 'before'),
          command.recruiterId === undefined ? ok(undefined) : parseRecruiterId(command.recruiterId),
          command.cityId === undefined ? ok(undefined) : parseCityId(command.cityId),
        ]);
        const own = actor.kind === 'recruiter' && actor.id === recruiterId;
        if (!own && actor.kind !== 'admin' && actor.kind !== 'system') return err(forbidden('purge', actor));
        const now = yield* uow.now();
        const endedBefore = before?.isBefore(now) === true ? before : now;
        let deleted = 0;
        for (;;) {
          const purged = yield* uow.slots.deletePast({ endedBefore, recruiterId, cityId }, BATCH);
          yield* record(uow, purged, { at: now, actor });
          deleted += purged.length;
          if (purged.length < BATCH) return ok({ deleted });
        }
      }),
    );

const record = (
  uow: UnitOfWork,
  slots: readonly Slot[],
  accepted: Accepted,
): ResultAsync<void, RepositoryError> =>
  uow.audit
    .appendMany(
      slots.map((slot) => ({
        ...accepted,
        entity: 'slot' as const,
        entityId: slot.id,
        action: 'purge',
        from: slot.status,
        data: {
          recruiterId: slot.recruiterId,
          cityId: slot.cityId,
          startsAt: slot.startsAt.toJSON(),
          endsAt: slot.endsAt.toJSON(),
        },
      })),
    )
    .andThen(() => uow.events.append(slots.map((slot) => slotPurged(slot, accepted))))
    .map(() => undefined);
