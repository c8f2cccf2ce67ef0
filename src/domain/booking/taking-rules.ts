import { ok, type Result } from 'neverthrow';
import { fail } from '../shared/fail.ts';
import type { CandidateId } from '../shared/id.ts';
import { Instant } from '../shared/instant.ts';
import { overlaps } from '../shared/time-range.ts';
import type { CandidateBusy, DuplicateBooking, SlotInPast } from '../slot/slot-errors.ts';
import type { Slot } from '../slot/slot.ts';
import type { TooEarly, TooLate, TooManyBookings } from './booking-errors.ts';
import { inMilliseconds, type BookingPolicy } from './booking-policy.ts';

/** Whether the policy lets anybody take the slot at this moment. */
export function checkTiming(
  slot: Slot,
  policy: BookingPolicy,
  now: Instant,
): Result<void, SlotInPast | TooLate | TooEarly> {
  if (!slot.startsAt.isAfter(now)) return fail({ type: 'SlotInPast', startsAt: slot.startsAt });
  const notice = slot.startsAt.plus(-inMilliseconds(policy.minNoticeMinutes));
  const deadline = policy.sameDay ? notice : earlier(notice, startOfDay(slot));
  if (deadline.isBefore(now)) return fail({ type: 'TooLate', deadline });
  if (policy.horizonMinutes === undefined) return ok();
  const opensAt = slot.startsAt.plus(-inMilliseconds(policy.horizonMinutes));
  return opensAt.isAfter(now) ? fail({ type: 'TooEarly', opensAt }) : ok();
}

/**
 * The same rules the database enforces, asked first so that the answer names the rule and not the constraint.
 *
 * @param ahead the candidate's other active slots
 */
export function checkOtherBookings(
  slot: Slot,
  candidateId: CandidateId,
  ahead: readonly Slot[],
  policy: BookingPolicy,
): Result<void, CandidateBusy | DuplicateBooking | TooManyBookings> {
  const sameMeeting = ({ recruiterId, purpose }: Slot): boolean =>
    recruiterId === slot.recruiterId && purpose === slot.purpose && purpose !== 'intro_day';
  if (ahead.some((other) => sameMeeting(other)))
    return fail({ type: 'DuplicateBooking', candidateId, recruiterId: slot.recruiterId });
  if (ahead.some((other) => overlaps(other.range, slot.range)))
    return fail({ type: 'CandidateBusy', candidateId });
  const limit = policy.maxActivePerCandidate;
  if (limit !== undefined && ahead.length >= limit)
    return fail({ type: 'TooManyBookings', candidateId, limit });
  return ok();
}

/** A hold, request or offer lapses after its time, and at the latest when the slot starts: nobody can decide on it then. */
export function lapsesAt(minutes: number, slot: Slot, now: Instant): Instant {
  const lapses = now.plus(inMilliseconds(minutes));
  return lapses.isBefore(slot.startsAt) ? lapses : slot.startsAt;
}

const earlier = (one: Instant, other: Instant): Instant => (one.isBefore(other) ? one : other);

/** Of the slot's day, where the slot is. */
const startOfDay = ({ startsAt, timeZone }: Slot): Instant =>
  Instant.fromEpochMilliseconds(startsAt.toZonedDateTime(timeZone).startOfDay().epochMilliseconds);
