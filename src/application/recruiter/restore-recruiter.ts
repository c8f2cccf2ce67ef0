import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { forbidden, parseActor, standsAbove, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, RecruiterId } from '../../domain/shared/id.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { recordArchiving } from '../archive/record-archiving.ts';
import { parseReason } from '../booking/reason.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface RestoreRecruiter {
  readonly recruiterId: IdInput<RecruiterId>;
  /** An admin or the system. */
  readonly actor: Actor;
  readonly reason?: string;
}

export type RestoreRecruiterError =
  | RecruiterNotFound
  | CityNotFound
  | TelegramIdTaken
  | InvalidTimeZone
  | Forbidden
  | StaleVersion
  | CommandError;

/** Takes an archived recruiter into use again; the free slots ahead are offered again. Safe to repeat. */
export const restoreRecruiter =
  (context: UseCaseContext) =>
  (command: RestoreRecruiter, options: UseCaseOptions = {}): ResultAsync<Recruiter, RestoreRecruiterError> =>
    runCommand(context, options, { name: 'recruiters.restore', input: command }, (uow) =>
      safeTry<Recruiter, RestoreRecruiterError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        if (!standsAbove(actor)) return err(forbidden('restore', actor));
        const recruiter = yield* uow.recruiters.getForUpdate(command.recruiterId);
        if (recruiter.active) return ok(recruiter);
        const restored = yield* uow.recruiters.update(recruiter.restore());
        const at = yield* uow.now();
        return recordArchiving(uow, 'recruiter', 'restore', restored, { at, actor, reason });
      }),
    );
