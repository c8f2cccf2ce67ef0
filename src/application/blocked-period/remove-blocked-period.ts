import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BlockedPeriodNotFound } from '../../domain/blocked-period/blocked-period-errors.ts';
import type { BlockedPeriod } from '../../domain/blocked-period/blocked-period.ts';
import { parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { BlockedPeriodId, IdInput } from '../../domain/shared/id.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { mayBlock } from './may-block.ts';
import { recordBlockedPeriod } from './record-blocked-period.ts';

export interface RemoveBlockedPeriod {
  readonly blockedPeriodId: IdInput<BlockedPeriodId>;
  /** As for `add`. */
  readonly actor: Actor;
}

export type RemoveBlockedPeriodError = Forbidden | BlockedPeriodNotFound | CommandError;

/** Opens a blocked time again; answers the period as it was. */
export const removeBlockedPeriod =
  (context: UseCaseContext) =>
  (
    command: RemoveBlockedPeriod,
    options: UseCaseOptions = {},
  ): ResultAsync<BlockedPeriod, RemoveBlockedPeriodError> =>
    runCommand(context, options, { name: 'blocked.remove', input: command }, (uow) =>
      safeTry<BlockedPeriod, RemoveBlockedPeriodError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const period = yield* uow.blockedPeriods.get(command.blockedPeriodId);
        yield* mayBlock(actor, 'unblock', period.recruiterId);
        yield* uow.blockedPeriods.delete(period.id);
        const at = yield* uow.now();
        yield* recordBlockedPeriod(uow, 'unblock', period, { at, actor });
        return ok(period);
      }),
    );
