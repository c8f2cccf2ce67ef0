import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { HoldExpired, TooLate } from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { RescheduleDecided } from '../../domain/reschedule/reschedule-errors.ts';
import { forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, RescheduleRequestId, SlotId } from '../../domain/shared/id.ts';
import { parseSlotId } from '../../domain/shared/id.ts';
import { invalid } from '../../domain/shared/validation-error.ts';
import { carryOutMove, type CarryOutError } from '../booking/carry-out-move.ts';
import { checkMovable } from '../booking/move-rules.ts';
import { withAlternatives } from '../booking/with-alternatives.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { checkWanted, type WantedError } from './check-wanted.ts';
import { lockRequest, speaksFor, type LockRequestError } from './lock-request.ts';
import { recordRequest } from './record-request.ts';

/** Whoever is to decide agrees. */
export interface ApproveReschedule {
  readonly requestId: IdInput<RescheduleRequestId>;
  /** Which slot it is to be, where the request does not name one. */
  readonly slotId?: IdInput<SlotId>;
  readonly actor: Actor;
}

export type ApproveRescheduleError =
  | Forbidden
  | RescheduleDecided
  | HoldExpired
  | TooLate
  | LockRequestError
  | WantedError
  | CarryOutError
  | CommandError;

/**
 * Moves the booking as it was asked for, in one transaction; answers the new booking, which is booked at once because both
 * have agreed. Only the side that is awaited may approve, of recruiters the one whose slot is taken; admins and the system
 * always may. A slot that was not asked for is refused: `proposeAlternative` asks the other side. When the slot cannot be
 * had any more (`SlotTaken`, with alternatives) the request stays as it is.
 */
export const approveReschedule =
  (context: UseCaseContext) =>
  (command: ApproveReschedule, options: UseCaseOptions = {}): ResultAsync<Booking, ApproveRescheduleError> =>
    runCommand(context, options, { name: 'booking.approveReschedule', input: command }, (uow) =>
      approve(uow, context.policy, command),
    ).orElse(withAlternatives(context, options));

const approve = (
  uow: UnitOfWork,
  global: BookingPolicy,
  command: ApproveReschedule,
): ResultAsync<Booking, ApproveRescheduleError> =>
  safeTry<Booking, ApproveRescheduleError>(async function* () {
    const actor = yield* parseActor(command.actor);
    const named = command.slotId === undefined ? undefined : yield* parseSlotId(command.slotId);
    const locked = yield* lockRequest(uow, command.requestId, named);
    const { request, move } = locked;
    const { from, to, now } = move;
    if (!speaksFor(request.awaiting, locked, actor)) return err(forbidden('approveReschedule', actor));
    const approved = yield* request.decide('approved', { at: now, actor });
    yield* checkMovable(move);
    const slotId = named ?? request.slotId;
    if (slotId === undefined) return invalid('slotId', 'must be named, because the request names none');
    if (to !== undefined && !request.covers(to))
      return invalid('slotId', 'is not what was asked for: propose it instead');
    const wanted = yield* checkWanted(uow, global, move, slotId, { command: 'approveReschedule', actor });
    // A recruiter who lets the candidate choose gives away their own slots, not a colleague's.
    const colleagues = wanted.slot.recruiterId !== from.slot.recruiterId && wanted.policy.approval !== 'auto';
    if (actor.kind === 'candidate' && request.slotId === undefined && colleagues)
      return err(forbidden('approveReschedule', actor));

    const stored = yield* uow.reschedules.update(approved);
    const step = { request: stored, standing: from, action: 'approve', at: now, actor } as const;
    yield* recordRequest(uow, step);
    return carryOutMove(uow, move, { ...wanted, command: 'book' }, { at: now, actor });
  });
