import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { RescheduleDecided } from '../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import { bookingSides } from '../../domain/reschedule/reschedule-state.ts';
import { forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, RescheduleRequestId } from '../../domain/shared/id.ts';
import { parseReason } from '../booking/reason.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { lockRequest, speaksFor, type LockRequestError } from './lock-request.ts';
import { recordRequest } from './record-request.ts';

/** The booking is to stay where it is. */
export interface DeclineReschedule {
  readonly requestId: IdInput<RescheduleRequestId>;
  readonly actor: Actor;
  /** Required from a recruiter or an admin. */
  readonly reason?: string;
}

export type DeclineRescheduleError = Forbidden | RescheduleDecided | LockRequestError | CommandError;

/**
 * Ends the request; the booking stays as it is. The side that is awaited declines by it, the other one takes its request
 * back.
 */
export const declineReschedule =
  (context: UseCaseContext) =>
  (
    command: DeclineReschedule,
    options: UseCaseOptions = {},
  ): ResultAsync<RescheduleRequest, DeclineRescheduleError> =>
    runCommand(context, options, { name: 'booking.declineReschedule', input: command }, (uow) =>
      safeTry<RescheduleRequest, DeclineRescheduleError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor, true);
        const locked = yield* lockRequest(uow, command.requestId);
        const { request, move } = locked;
        if (!bookingSides.some((side) => speaksFor(side, locked, actor)))
          return err(forbidden('declineReschedule', actor));
        const accepted = { at: move.now, actor, reason };
        const declined = yield* request.decide('declined', accepted);
        const stored = yield* uow.reschedules.update(declined);
        return recordRequest(uow, {
          ...accepted,
          request: stored,
          standing: move.from,
          action: 'decline',
        });
      }),
    );
