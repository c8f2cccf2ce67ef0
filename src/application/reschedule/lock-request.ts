import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { RescheduleNotFound } from '../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import type { BookingSide } from '../../domain/reschedule/reschedule-state.ts';
import { actsFor, forbidden, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { IdInput, RecruiterId, RescheduleRequestId, SlotId } from '../../domain/shared/id.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { lockMove, type LockedMove, type LockMoveError } from '../booking/lock-move.ts';
import type { SlotTerms } from '../booking/policy-of.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A request to reschedule, and the move it is about. */
export interface LockedRequest {
  readonly request: RescheduleRequest;
  readonly move: LockedMove;
  /** Recruiters who may speak about it: the one whose slot is left, and the one whose slot is asked for. */
  readonly recruiters: readonly RecruiterId[];
}

export type LockRequestError = RescheduleNotFound | LockMoveError | StaleVersion | RepositoryError;

/**
 * Locks what a request is about, with the slot that is named or else the one it asks for. Requests change only under that
 * lock, so it is read again then: one that was changed meanwhile may be about something else and is a `StaleVersion`.
 */
export const lockRequest = (
  uow: UnitOfWork,
  requestId: IdInput<RescheduleRequestId>,
  slotId?: SlotId,
): ResultAsync<LockedRequest, LockRequestError> =>
  safeTry<LockedRequest, LockRequestError>(async function* () {
    const seen = yield* uow.reschedules.get(requestId);
    const asked = seen.slotId === undefined ? [] : [seen.slotId];
    const move = yield* lockMove(uow, seen.bookingId, slotId ?? seen.slotId, ...asked);
    const request = yield* uow.reschedules.get(requestId);
    const expected = seen.version;
    const actual = request.version;
    if (expected !== actual && request.state === 'pending')
      return fail({ type: 'StaleVersion', entity: 'reschedule request', id: request.id, expected, actual });
    const concerned = [move.from.slot.id, ...asked];
    const recruiters = move.slots.filter(({ id }) => concerned.includes(id)).map((slot) => slot.recruiterId);
    return ok({ request, move, recruiters });
  });

/** For whom somebody speaks; admins and the system for whoever is asked. */
export const sideOf = ({ kind }: Actor, otherwise: BookingSide): BookingSide =>
  kind === 'candidate' || kind === 'recruiter' ? kind : otherwise;

/** Whether the actor may speak for this side of a request. */
export const speaksFor = (
  side: BookingSide,
  { move, recruiters }: Pick<LockedRequest, 'move' | 'recruiters'>,
  actor: Actor,
): boolean =>
  side === 'candidate'
    ? actsFor(actor, 'candidate', move.candidate.id)
    : recruiters.some((id) => actsFor(actor, 'recruiter', id));

/**
 * Whether a recruiter may give the slot away: it is theirs, or nobody has to agree. What a candidate says about it gives
 * nothing away.
 */
export const mayGive = (
  command: string,
  { recruiterId }: Slot,
  { policy }: SlotTerms,
  actor: Actor,
): Result<void, Forbidden> =>
  actor.kind !== 'recruiter' || policy.approval === 'auto' || actsFor(actor, 'recruiter', recruiterId)
    ? ok()
    : err(forbidden(command, actor));
