import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { HoldExpired, RescheduleLimit, TooLate } from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { ReschedulePending } from '../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import { otherSide, type BookingSide } from '../../domain/reschedule/reschedule-state.ts';
import {
  draftReschedule,
  type RescheduleDraft,
  type RescheduleWish,
} from '../../domain/reschedule/reschedule-wish.ts';
import { forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { lockMove, type LockMoveError } from '../booking/lock-move.ts';
import { checkLimit, checkMovable, type TargetError } from '../booking/move-rules.ts';
import { policyOf, type PolicyOfError } from '../booking/policy-of.ts';
import { isParty } from '../booking/reschedule-booking.ts';
import { withAlternatives } from '../booking/with-alternatives.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { checkWanted } from './check-wanted.ts';
import { sideOf } from './lock-request.ts';
import { recordRequest } from './record-request.ts';

/** Somebody wants another time for a booking: one slot, any slot that starts in a window, or any slot at all. */
export interface RequestReschedule extends RescheduleWish {
  readonly actor: Actor;
}

export type RequestRescheduleError =
  | Forbidden
  | ReschedulePending
  | RescheduleLimit
  | HoldExpired
  | TooLate
  | LockMoveError
  | PolicyOfError
  | TargetError
  | CommandError;

/**
 * Asks the other side to reschedule a booking: the candidate the recruiter, or the recruiter the candidate; an admin or the
 * system asks for the candidate. Nothing is kept free for it: whether the slot can be had is looked at now, and again when
 * they approve. A booking has one request at a time: the same one again answers it, another one is `ReschedulePending`. The
 * freeze window does not bind who only asks.
 */
export const requestReschedule =
  (context: UseCaseContext) =>
  (
    command: RequestReschedule,
    options: UseCaseOptions = {},
  ): ResultAsync<RescheduleRequest, RequestRescheduleError> =>
    runCommand(context, options, { name: 'booking.requestReschedule', input: command }, (uow) =>
      ask(uow, context.policy, command),
    ).orElse(withAlternatives(context, options));

const ask = (
  uow: UnitOfWork,
  global: BookingPolicy,
  command: RequestReschedule,
): ResultAsync<RescheduleRequest, RequestRescheduleError> =>
  safeTry<RescheduleRequest, RequestRescheduleError>(async function* () {
    const draft = yield* draftReschedule(command);
    const actor = yield* parseActor(command.actor);
    const move = yield* lockMove(uow, draft.bookingId, draft.slotId);
    const { from, now } = move;
    const side = sideOf(actor, 'candidate');
    if (!isParty(move, actor)) return err(forbidden('requestReschedule', actor));
    yield* checkMovable(move);
    const pending = yield* uow.reschedules.findPending(draft.bookingId);
    if (pending !== undefined) return sameAgain(pending, draft, side);

    if (draft.slotId === undefined) yield* checkLimit(move, yield* policyOf(uow, global, from.slot));
    else yield* checkWanted(uow, global, move, draft.slotId, { command: 'requestReschedule', actor });
    const request = yield* uow.reschedules.add({
      ...draft,
      candidateId: from.booking.candidateId,
      awaiting: otherSide(side),
      requestedBy: actor,
      createdAt: now,
    });
    return recordRequest(uow, { request, standing: from, action: 'request', at: now, actor });
  });

const wish = ({ slotId, from, until, comment }: RescheduleDraft): string =>
  JSON.stringify([slotId, from, until, comment]);

/** A request that is repeated is the same one. */
function sameAgain(
  pending: RescheduleRequest,
  draft: RescheduleDraft,
  side: BookingSide,
): Result<RescheduleRequest, ReschedulePending> {
  return pending.awaiting === otherSide(side) && wish(pending) === wish(draft)
    ? ok(pending)
    : fail({ type: 'ReschedulePending', bookingId: pending.bookingId });
}
