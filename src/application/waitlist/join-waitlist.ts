import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { CandidateInactive, CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { CityInactive, CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../../domain/recruiter/recruiter-errors.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { invalid } from '../../domain/shared/validation-error.ts';
import {
  draftWaitlistEntry,
  type NewWaitlistEntry,
  type WaitlistEntry,
} from '../../domain/waitlist/waitlist-entry.ts';
import type { AlreadyWaiting } from '../../domain/waitlist/waitlist-errors.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { recordEntry } from './store-entry.ts';

export interface JoinWaitlist extends NewWaitlistEntry {
  /** The candidate itself when left out. */
  readonly actor?: Actor;
}

export type JoinWaitlistError =
  | AlreadyWaiting
  | CandidateNotFound
  | CandidateInactive
  | CityNotFound
  | CityInactive
  | RecruiterNotFound
  | RecruiterInactive
  | CityNotLinked
  | Forbidden
  | CommandError;

/**
 * Puts a candidate at the end of a city's queue. One live entry per candidate, city and purpose: joining again with the
 * same wishes answers that entry, with other wishes `AlreadyWaiting`.
 */
export const joinWaitlist =
  (context: UseCaseContext) =>
  (command: JoinWaitlist, options: UseCaseOptions = {}): ResultAsync<WaitlistEntry, JoinWaitlistError> =>
    runCommand(context, options, { name: 'waitlist.join', input: command }, (uow) =>
      safeTry<WaitlistEntry, JoinWaitlistError>(async function* () {
        const draft = yield* draftWaitlistEntry(command);
        const actor = yield* parseActor(command.actor ?? { kind: 'candidate', id: draft.candidateId });
        const candidate = yield* uow.candidates.getForUpdate(draft.candidateId);
        if (!actsFor(actor, 'candidate', candidate.id)) return err(forbidden('join', actor));
        if (!candidate.active) return fail({ type: 'CandidateInactive', id: candidate.id });
        if (draft.recruiterId !== undefined) {
          const recruiter = yield* uow.recruiters.getForShare(draft.recruiterId);
          if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
          if (!recruiter.worksIn(draft.cityId))
            return fail({ type: 'CityNotLinked', recruiterId: recruiter.id, cityId: draft.cityId });
        }
        const city = yield* uow.cities.getForShare(draft.cityId);
        if (!city.active) return fail({ type: 'CityInactive', id: city.id });

        const live = yield* uow.waitlist.findLive(draft);
        if (live !== undefined) return live.wants(draft) ? ok(live) : err(alreadyWaiting(live));
        const at = yield* uow.now();
        if (draft.until?.isAfter(at) === false) return invalid('until', 'must be later than now');
        const after = yield* uow.waitlist.add(draft, at);
        return recordEntry(uow, { action: 'join', after, at, actor });
      }),
    );

const alreadyWaiting = ({ candidateId, cityId, purpose }: WaitlistEntry): AlreadyWaiting => ({
  type: 'AlreadyWaiting',
  candidateId,
  cityId,
  purpose,
});
