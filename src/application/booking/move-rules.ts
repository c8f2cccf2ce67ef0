import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type {
  HoldExpired,
  RescheduleLimit,
  TooLate,
  TooManyBookings,
} from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { notLapsed, notStarted } from '../../domain/booking/deadlines.ts';
import { checkOtherBookings } from '../../domain/booking/taking-rules.ts';
import { mayMove, type Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateInactive } from '../../domain/candidate/candidate-errors.ts';
import { fail } from '../../domain/shared/fail.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { CandidateBusy, DuplicateBooking, SlotTaken } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LockedMove, LockMoveError } from './lock-move.ts';
import type { SlotTerms } from './policy-of.ts';
import { checkTerms, type TermsError } from './start-taking.ts';
import { ownStanding } from './wanted-slot.ts';

/** Whether the booking can still be moved at all. */
export const checkMovable = ({
  from,
  now,
}: LockedMove): Result<void, InvalidTransition | HoldExpired | TooLate> =>
  mayMove('move', from.booking)
    .andThen(() => notLapsed(from, now))
    .andThen(() => notStarted(from.slot, now));

/** Whether it was not moved too often; the rules are those of the slot it leaves. */
export const checkLimit = (
  { from: { booking } }: LockedMove,
  { rescheduleLimit: limit }: BookingPolicy,
): Result<void, RescheduleLimit> =>
  limit === undefined || booking.rescheduleCount < limit
    ? ok()
    : fail({ type: 'RescheduleLimit', bookingId: booking.id, limit });

export type TargetError =
  | ValidationError
  | CandidateInactive
  | SlotTaken
  | CandidateBusy
  | DuplicateBooking
  | TooManyBookings
  | TermsError
  | LockMoveError;

/**
 * Whether the candidate can have the slot instead, by the rules of `reserve`: the one they leave does not count. Answers
 * the hold by which they keep it already, if they do.
 */
export const checkTarget = (
  uow: UnitOfWork,
  { candidate, from, ahead, now }: LockedMove,
  to: Slot,
  terms: SlotTerms,
): ResultAsync<Standing | undefined, TargetError> =>
  safeTry<Standing | undefined, TargetError>(async function* () {
    const { purpose } = from.booking;
    if (to.purpose !== purpose) return invalid('slotId', `is for ${to.purpose}, the booking for ${purpose}`);
    if (!candidate.active) return fail({ type: 'CandidateInactive', id: candidate.id });
    const own = yield* ownStanding(uow, to, candidate);
    if (own !== undefined && own.booking.state !== 'held')
      return fail({ type: 'DuplicateBooking', candidateId: candidate.id, recruiterId: to.recruiterId });
    const policy = yield* checkTerms(to, terms, now);
    const allowed = checkOtherBookings(to, candidate.id, ahead, policy);
    return allowed.isErr() ? err(allowed.error) : ok(own);
  });
