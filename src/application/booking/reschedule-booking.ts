import { err, ok, okAsync, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type {
  ApprovalRequired,
  FreezeWindow,
  HoldExpired,
  RescheduleLimit,
  TooLate,
} from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { notFrozen } from '../../domain/booking/deadlines.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseSlotId, type BookingId, type IdInput, type SlotId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { carryOutMove, type CarryOutError } from './carry-out-move.ts';
import { lockMove, type LockedMove, type LockMoveError } from './lock-move.ts';
import { checkLimit, checkMovable, checkTarget, type TargetError } from './move-rules.ts';
import { lockTerms, type PolicyOfError, type SlotTerms } from './policy-of.ts';
import { parseReason } from './reason.ts';
import { withAlternatives } from './with-alternatives.ts';

/** A booking is to move to another free slot. */
export interface RescheduleBooking {
  readonly bookingId: IdInput<BookingId>;
  readonly slotId: IdInput<SlotId>;
  readonly actor: Actor;
  readonly reason?: string;
}

export type RescheduleBookingError =
  | Forbidden
  | ApprovalRequired
  | FreezeWindow
  | RescheduleLimit
  | HoldExpired
  | TooLate
  | LockMoveError
  | PolicyOfError
  | TargetError
  | CarryOutError
  | CommandError;

/**
 * Moves a requested, booked or confirmed booking to another free slot in one transaction: whoever looks sees the candidate
 * in exactly one of the two, whatever else happens at the same time. The old booking ends as `moved`; the answer is the
 * new one, with the old one as `movedFromId`.
 *
 * The new one is booked at once where the policy says `auto`, or when the old one was booked or confirmed and the actor is
 * the recruiter of both slots, an admin or the system; where the old one was still `requested`, so is the new one. A
 * candidate whose booking the recruiter has agreed to gets `ApprovalRequired`: `requestReschedule` asks.
 *
 * Freeze window (for candidates) and limit are those of the slot that is left; the rules of `reserve` hold for the new one,
 * and `SlotTaken` carries alternatives. Repeating a call that went through answers the same new booking. About twenty
 * statements.
 */
export const rescheduleBooking =
  (context: UseCaseContext) =>
  (command: RescheduleBooking, options: UseCaseOptions = {}): ResultAsync<Booking, RescheduleBookingError> =>
    runCommand(context, options, { name: 'booking.reschedule', input: command }, (uow) =>
      reschedule(uow, context.policy, command),
    ).orElse(withAlternatives(context, options));

const reschedule = (
  uow: UnitOfWork,
  global: BookingPolicy,
  command: RescheduleBooking,
): ResultAsync<Booking, RescheduleBookingError> =>
  safeTry<Booking, RescheduleBookingError>(async function* () {
    const actor = yield* parseActor(command.actor);
    const reason = yield* parseReason(command.reason, actor);
    const slotId = yield* parseSlotId(command.slotId);
    const move = yield* lockMove(uow, command.bookingId, slotId);
    const { from, now } = move;
    if (!isParty(move, actor)) return err(forbidden('reschedule', actor));
    const repeated = yield* successorOn(uow, from.booking, slotId);
    if (repeated !== undefined) return ok(repeated);
    yield* checkMovable(move);
    const to = yield* target(move, slotId);
    if (to.id === from.slot.id) return ok(from.booking);

    const [left, taken] = (yield* lockTerms(uow, global, [from.slot, to])) as [SlotTerms, SlotTerms];
    if (actor.kind === 'candidate') yield* notFrozen(from.slot, left.policy, now);
    yield* checkLimit(move, left.policy);
    const start = yield* howToStart(move, to, taken.policy, actor);
    const held = yield* checkTarget(uow, move, to, taken);
    const on = { slot: to, held, policy: taken.policy, command: start };
    return carryOutMove(uow, move, on, { at: now, actor, reason });
  });

/** Whether the booking is the actor's, as its candidate or as the recruiter of its slot. */
export const isParty = ({ candidate, from }: LockedMove, actor: Actor): boolean =>
  actsFor(actor, 'candidate', candidate.id) || actsFor(actor, 'recruiter', from.slot.recruiterId);

/** The slot that was named, once it is known to be there. */
export const target = ({ to }: LockedMove, id: SlotId): Result<Slot, SlotNotFound> =>
  to === undefined ? fail({ type: 'SlotNotFound', id }) : ok(to);

/** The booking that took over from this one, when it is the one that is asked for. */
function successorOn(
  uow: UnitOfWork,
  { movedToId }: Booking,
  slotId: SlotId,
): ResultAsync<Booking | undefined, RepositoryError> {
  if (movedToId === undefined) return okAsync(undefined);
  return uow.bookings
    .find(movedToId)
    .map((successor) => (successor?.live === true && successor.slotId === slotId ? successor : undefined));
}

/** Nobody's agreement is taken for granted: neither that of the one who had agreed to the old time, nor the new one's. */
function howToStart(
  { from: { booking } }: LockedMove,
  { recruiterId }: Slot,
  { approval }: BookingPolicy,
  actor: Actor,
): Result<'book' | 'request', ApprovalRequired | Forbidden> {
  if (approval === 'auto') return ok('book');
  if (booking.state === 'requested') return ok('request');
  if (actor.kind === 'candidate')
    return fail({ type: 'ApprovalRequired', bookingId: booking.id, use: 'requestReschedule' });
  return actsFor(actor, 'recruiter', recruiterId) ? ok('book') : err(forbidden('reschedule', actor));
}
