import { err, errAsync, ok, okAsync, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type {
  BookingNotFound,
  TooEarly,
  TooLate,
  TooManyBookings,
} from '../../domain/booking/booking-errors.ts';
import { inMilliseconds, mergePolicies, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { moveBooking, startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateInactive, CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterInactive, RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { CandidateId, IdInput, SlotId } from '../../domain/shared/id.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { overlaps } from '../../domain/shared/time-range.ts';
import type {
  CandidateBusy,
  DuplicateBooking,
  SlotInPast,
  SlotNotFound,
  SlotTaken,
} from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { Accepted } from './applied-transition.ts';
import { storeMoved, storeStarted } from './store-transition.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

/** A candidate wants a slot. */
export interface TakeSlot {
  readonly slotId: IdInput<SlotId>;
  readonly candidateId: IdInput<CandidateId>;
  /** The candidate itself when left out. */
  readonly actor?: Actor;
}

export type TakeSlotError =
  | SlotNotFound
  | SlotTaken
  | SlotInPast
  | CandidateNotFound
  | CandidateInactive
  | CandidateBusy
  | DuplicateBooking
  | TooManyBookings
  | TooLate
  | TooEarly
  | RecruiterNotFound
  | RecruiterInactive
  | CityNotFound
  | Forbidden
  | InvalidTransition
  | SlotConflict
  | BookingNotFound
  | StaleVersion
  | CommandError;

const ALTERNATIVES = 3;

/**
 * Gives a free slot to a candidate, as a hold or as a reservation. Shared by both because only the transition differs.
 * Locks, always in this order: the candidate, the slots concerned by ascending id, the recruiter.
 */
export function takeSlot(
  context: UseCaseContext,
  kind: 'hold' | 'reserve',
  command: TakeSlot,
  options: UseCaseOptions,
): ResultAsync<Booking, TakeSlotError> {
  return runCommand(context, options, { name: `booking.${kind}`, input: command }, (uow) =>
    take(uow, context.policy, kind, command),
  ).orElse((error) =>
    error.type === 'SlotTaken' ? withAlternatives(context, options, error) : errAsync(error),
  );
}

const take = (
  uow: UnitOfWork,
  global: BookingPolicy,
  kind: 'hold' | 'reserve',
  command: TakeSlot,
): ResultAsync<Booking, TakeSlotError> =>
  safeTry<Booking, TakeSlotError>(async function* () {
    const actor = yield* parseActor(command.actor ?? { kind: 'candidate', id: command.candidateId });
    const candidate = yield* uow.candidates.getForUpdate(command.candidateId);
    if (!actsFor(actor, 'candidate', candidate.id)) return err(forbidden(kind, actor));
    if (!candidate.active) return fail({ type: 'CandidateInactive', id: candidate.id });

    const locked = yield* uow.slots.lockForReservation(command.slotId, candidate.id);
    const now = yield* uow.now();
    const settled = yield* settle(uow, locked, now);
    const slot = settled.find(({ id }) => id === command.slotId);
    if (slot === undefined) return fail({ type: 'SlotNotFound', id: command.slotId as SlotId });
    const ahead = settled.filter((other) => other !== slot && isActive(other.status));

    const own = slot.candidateId === candidate.id && isActive(slot.status);
    const held = own ? yield* standingOf(uow, slot) : undefined;
    // What one has already is the same answer again; only a hold that becomes a reservation is a new decision.
    if (held !== undefined && (kind === 'hold' || held.booking.state !== 'held')) return ok(held.booking);
    if (held === undefined && isActive(slot.status))
      return fail({ type: 'SlotTaken', slotId: slot.id, alternatives: [] });

    const recruiter = yield* uow.recruiters.getForShare(slot.recruiterId);
    if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
    const city = yield* uow.cities.getForShare(slot.cityId);
    const policy = mergePolicies(global, city.policy, recruiter.policy, slot.policy);
    yield* checkTiming(slot, policy, now);
    if (held !== undefined) return reserveHeld(uow, policy, held, { now, actor });
    yield* checkOtherBookings(slot, candidate, ahead, policy);

    const id = yield* uow.bookings.nextId();
    const start = { id, candidateId: candidate.id, at: now, expiresAt: expiry(kind, policy, slot, now) };
    const starting = startingCommand(kind, policy);
    const after = yield* startBooking(starting, slot, start);
    const transition = { command: starting, before: { slot }, after, at: now, actor };
    return storeStarted(uow, transition).map(({ booking }) => booking);
  });

const reserveHeld = (
  uow: UnitOfWork,
  policy: BookingPolicy,
  held: Standing,
  { now, actor }: { now: Instant; actor: Actor },
): ResultAsync<Booking, TakeSlotError> =>
  safeTry<Booking, TakeSlotError>(async function* () {
    const command = policy.approval === 'auto' ? 'bookHeld' : 'requestHeld';
    const change = { at: now, actor, expiresAt: expiry('reserve', policy, held.slot, now) };
    const after = yield* moveBooking(command, held, change);
    return storeMoved(uow, { command, before: held, after, at: now, actor }).map(({ booking }) => booking);
  });

/**
 * Clears what time has decided: holds and requests that lapsed, and interviews that are over. Without this a lapsed
 * hold would still block its slot and its candidate, because the guards of the database see only rows.
 */
const settle = (
  uow: UnitOfWork,
  slots: readonly Slot[],
  now: Instant,
): ResultAsync<readonly Slot[], TakeSlotError> =>
  safeTry<readonly Slot[], TakeSlotError>(async function* () {
    const settled: Slot[] = [];
    for (const slot of slots) {
      const command = overdue(slot, now);
      if (command === undefined) {
        settled.push(slot);
        continue;
      }
      const accepted: Accepted = { at: now, actor: { kind: 'system' } };
      const before = yield* standingOf(uow, slot);
      const after = yield* moveBooking(command, before, accepted);
      settled.push((yield* storeMoved(uow, { ...accepted, command, before, after })).slot);
    }
    return ok(settled);
  });

function overdue(slot: Slot, now: Instant): 'expire' | 'complete' | undefined {
  if (slot.hasLapsedAt(now)) return 'expire';
  const over = !slot.endsAt.isAfter(now);
  return over && (slot.status === 'booked' || slot.status === 'confirmed') ? 'complete' : undefined;
}

function standingOf(uow: UnitOfWork, slot: Slot): ResultAsync<Standing, BookingNotFound | RepositoryError> {
  // The row's own guard says that an occupied slot points at a booking.
  return uow.bookings.get(slot.currentBookingId as NonNullable<Slot['currentBookingId']>).map((booking) => ({
    slot,
    booking,
  }));
}

function checkTiming(
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

const earlier = (one: Instant, other: Instant): Instant => (one.isBefore(other) ? one : other);

/** Of the slot's day, where the slot is. */
const startOfDay = ({ startsAt, timeZone }: Slot): Instant =>
  Instant.fromEpochMilliseconds(startsAt.toZonedDateTime(timeZone).startOfDay().epochMilliseconds);

/** The same rules the database enforces, asked first so that the answer names the rule and not the constraint. */
function checkOtherBookings(
  slot: Slot,
  candidate: Candidate,
  ahead: readonly Slot[],
  policy: BookingPolicy,
): Result<void, CandidateBusy | DuplicateBooking | TooManyBookings> {
  const sameMeeting = ({ recruiterId, purpose }: Slot): boolean =>
    recruiterId === slot.recruiterId && purpose === slot.purpose && purpose !== 'intro_day';
  if (ahead.some((other) => sameMeeting(other)))
    return fail({ type: 'DuplicateBooking', candidateId: candidate.id, recruiterId: slot.recruiterId });
  if (ahead.some((other) => overlaps(other.range, slot.range)))
    return fail({ type: 'CandidateBusy', candidateId: candidate.id });
  const limit = policy.maxActivePerCandidate;
  if (limit !== undefined && ahead.length >= limit)
    return fail({ type: 'TooManyBookings', candidateId: candidate.id, limit });
  return ok();
}

function startingCommand(kind: 'hold' | 'reserve', policy: BookingPolicy): 'hold' | 'book' | 'request' {
  if (kind === 'hold') return 'hold';
  return policy.approval === 'auto' ? 'book' : 'request';
}

/** A hold or request lapses after its time, and at the latest when the slot starts: then nobody can decide on it. */
function expiry(
  kind: 'hold' | 'reserve',
  policy: BookingPolicy,
  slot: Slot,
  now: Instant,
): Instant | undefined {
  if (kind === 'reserve' && policy.approval === 'auto') return undefined;
  const minutes = kind === 'hold' ? policy.holdMinutes : policy.approvalMinutes;
  const lapses = now.plus(inMilliseconds(minutes));
  return lapses.isBefore(slot.startsAt) ? lapses : slot.startsAt;
}

/** Alternatives are read outside the failed attempt, whose transaction or savepoint is already rolled back. */
function withAlternatives(
  context: UseCaseContext,
  { uow }: UseCaseOptions,
  taken: SlotTaken,
): ResultAsync<never, TakeSlotError> {
  const alternatives =
    uow === undefined
      ? context.transaction((own) => own.slots.findAlternatives(taken.slotId, ALTERNATIVES))
      : uow.slots.findAlternatives(taken.slotId, ALTERNATIVES);
  return alternatives
    .orElse(() => okAsync<readonly Slot[], never>([]))
    .andThen((found) => err<never, TakeSlotError>({ ...taken, alternatives: found }));
}
