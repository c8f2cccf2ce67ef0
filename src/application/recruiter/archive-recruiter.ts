import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { parseRecruiterId, type IdInput, type RecruiterId } from '../../domain/shared/id.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import {
  freeOfBookings,
  parseFutureSlots,
  type FreeOfBookingsError,
  type FutureSlots,
} from '../archive/free-of-bookings.ts';
import { recordArchiving } from '../archive/record-archiving.ts';
import { parseReason } from '../booking/reason.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface ArchiveRecruiter {
  readonly recruiterId: IdInput<RecruiterId>;
  /** The recruiter, an admin or the system. */
  readonly actor: Actor;
  /**
   * `refuse` (when left out): `StillBooked` while candidates have slots ahead. `release`: those slots are withdrawn, which
   * tells everybody concerned.
   */
  readonly futureSlots?: FutureSlots;
  /** Required from a recruiter or admin who releases. */
  readonly reason?: string;
}

export interface ArchivedRecruiter {
  readonly recruiter: Recruiter;
  /** The slots that were taken from candidates. */
  readonly withdrawn: readonly Slot[];
}

type UpdateError = RecruiterNotFound | CityNotFound | TelegramIdTaken | InvalidTimeZone;

export type ArchiveRecruiterError = UpdateError | Forbidden | FreeOfBookingsError | CommandError;

/**
 * Takes a recruiter out of use: no new slots, no new bookings, no longer in the active lists. Free slots ahead stay, hidden
 * until the recruiter is restored; interviews that run are finished. Archiving again answers the recruiter as it is.
 */
export const archiveRecruiter =
  (context: UseCaseContext) =>
  (
    command: ArchiveRecruiter,
    options: UseCaseOptions = {},
  ): ResultAsync<ArchivedRecruiter, ArchiveRecruiterError> =>
    runCommand(context, options, { name: 'recruiters.archive', input: command }, (uow) =>
      safeTry<ArchivedRecruiter, ArchiveRecruiterError>(async function* () {
        const id = yield* parseRecruiterId(command.recruiterId);
        const actor = yield* parseActor(command.actor);
        const futureSlots = yield* parseFutureSlots(command.futureSlots);
        const reason = yield* parseReason(command.reason, actor, futureSlots === 'release');
        if (!actsFor(actor, 'recruiter', id)) return err(forbidden('archive', actor));
        const { archived, withdrawn } = yield* freeOfBookings(context, uow, {
          entity: 'recruiter',
          id,
          filter: { recruiterIds: [id] },
          futureSlots,
          actor,
          reason,
          archive: (inner) => archive(inner, id, { actor, reason }),
        });
        return ok({ recruiter: archived, withdrawn });
      }),
    );

const archive = (
  uow: UnitOfWork,
  id: RecruiterId,
  by: { readonly actor: Actor; readonly reason: string | undefined },
): ResultAsync<Recruiter, UpdateError | StaleVersion | RepositoryError> =>
  safeTry<Recruiter, UpdateError | StaleVersion | RepositoryError>(async function* () {
    const recruiter = yield* uow.recruiters.getForUpdate(id);
    if (!recruiter.active) return ok(recruiter);
    const archived = yield* uow.recruiters.update(recruiter.archive());
    const at = yield* uow.now();
    return recordArchiving(uow, 'recruiter', 'archive', archived, { at, ...by });
  });
