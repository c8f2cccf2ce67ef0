import { ok, safeTry, type ResultAsync } from 'neverthrow';
import {
  draftBlockedPeriod,
  type BlockedPeriod,
  type NewBlockedPeriod,
} from '../../domain/blocked-period/blocked-period.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import { parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { mayBlock } from './may-block.ts';
import { recordBlockedPeriod } from './record-blocked-period.ts';

export interface AddBlockedPeriod extends NewBlockedPeriod {
  /** A recruiter may only block its own time; for everybody or a whole city it takes an admin. */
  readonly actor: Actor;
}

export interface AddedBlockedPeriod {
  readonly period: BlockedPeriod;
  /** Live bookings that lie in it, by start. They stay until somebody cancels or moves them. */
  readonly affected: readonly Booking[];
}

export type AddBlockedPeriodError = Forbidden | RecruiterNotFound | CityNotFound | CommandError;

/**
 * Blocks a time: from now on nothing is published or moved into it. What was published before stays on the board and in
 * the lists of free slots; withdraw it where that is wanted. Waits for those who are publishing at the moment.
 */
export const addBlockedPeriod =
  (context: UseCaseContext) =>
  (
    command: AddBlockedPeriod,
    options: UseCaseOptions = {},
  ): ResultAsync<AddedBlockedPeriod, AddBlockedPeriodError> =>
    runCommand(context, options, { name: 'blocked.add', input: command }, (uow) =>
      safeTry<AddedBlockedPeriod, AddBlockedPeriodError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const draft = yield* draftBlockedPeriod(command);
        yield* mayBlock(actor, 'block', draft.recruiterId);
        const added = yield* uow.blockedPeriods.add(command);
        const at = yield* uow.now();
        yield* recordBlockedPeriod(uow, 'block', added, { at, actor });
        return ok({ period: added, affected: yield* uow.blockedPeriods.listAffected(added) });
      }),
    );
