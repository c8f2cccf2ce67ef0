import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { HoldExpired, TooLate } from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { RescheduleDecided } from '../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import { otherSide } from '../../domain/reschedule/reschedule-state.ts';
import { forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { parseSlotId, type IdInput, type RescheduleRequestId, type SlotId } from '../../domain/shared/id.ts';
import { checkMovable } from '../booking/move-rules.ts';
import { withAlternatives } from '../booking/with-alternatives.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { checkWanted, type WantedError } from './check-wanted.ts';
import { lockRequest, sideOf, speaksFor, type LockRequestError } from './lock-request.ts';
import { recordRequest } from './record-request.ts';

/** Not that slot, but this one. */
export interface ProposeAlternative {
  readonly requestId: IdInput<RescheduleRequestId>;
  readonly slotId: IdInput<SlotId>;
  readonly actor: Actor;
}

export type ProposeAlternativeError =
  | Forbidden
  | RescheduleDecided
  | HoldExpired
  | TooLate
  | LockRequestError
  | WantedError
  | CommandError;

/**
 * Puts another slot in the place of what was asked for, and the other side decides next: what a recruiter proposes is
 * approved or declined by the candidate, and the other way round; an admin or the system proposes for the recruiter. A
 * recruiter proposes slots of their own, or those that need nobody's approval. Nothing is kept free for it.
 */
export const proposeAlternative =
  (context: UseCaseContext) =>
  (
    command: ProposeAlternative,
    options: UseCaseOptions = {},
  ): ResultAsync<RescheduleRequest, ProposeAlternativeError> =>
    runCommand(context, options, { name: 'booking.proposeAlternative', input: command }, (uow) =>
      propose(uow, context.policy, command),
    ).orElse(withAlternatives(context, options));

const propose = (
  uow: UnitOfWork,
  global: BookingPolicy,
  command: ProposeAlternative,
): ResultAsync<RescheduleRequest, ProposeAlternativeError> =>
  safeTry<RescheduleRequest, ProposeAlternativeError>(async function* () {
    const actor = yield* parseActor(command.actor);
    const slotId = yield* parseSlotId(command.slotId);
    const locked = yield* lockRequest(uow, command.requestId, slotId);
    const { request, move } = locked;
    const side = sideOf(actor, 'recruiter');
    if (!speaksFor(side, locked, actor)) return err(forbidden('proposeAlternative', actor));
    const proposed = yield* request.propose(slotId, otherSide(side));
    yield* checkMovable(move);
    yield* checkWanted(uow, global, move, slotId, { command: 'proposeAlternative', actor });
    const stored = yield* uow.reschedules.update(proposed);
    return recordRequest(uow, {
      request: stored,
      standing: move.from,
      action: 'propose',
      at: move.now,
      actor,
    });
  });
