import { ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { TooEarly, TooLate, TooManyBookings } from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { checkOtherBookings, checkTiming, lapsesAt } from '../../domain/booking/taking-rules.ts';
import { startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { CityInactive } from '../../domain/city/city-errors.ts';
import type { RecruiterInactive } from '../../domain/recruiter/recruiter-errors.ts';
import type { Actor } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { CandidateBusy, DuplicateBooking, SlotInPast } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { lockTerms, type PolicyOfError, type SlotTerms } from './policy-of.ts';
import { storeStarted, type StoreStartedError } from './store-transition.ts';
import type { WantedSlot } from './wanted-slot.ts';

/** How a candidate comes by a free slot. */
export type Taking = 'hold' | 'reserve' | 'offer';

export type TermsError = RecruiterInactive | CityInactive | SlotInPast | TooLate | TooEarly | PolicyOfError;

/** The rules of a slot that is to be taken now; locks its recruiter and its city. */
export const lockTakingTerms = (
  uow: UnitOfWork,
  global: BookingPolicy,
  { slot, now }: Pick<WantedSlot, 'slot' | 'now'>,
): ResultAsync<BookingPolicy, TermsError> =>
  lockTerms(uow, global, [slot]).andThen(([terms]) => checkTerms(slot, terms as SlotTerms, now));

/** Whether anybody can take the slot now, whoever it is. */
export function checkTerms(
  slot: Slot,
  { recruiter, city, policy }: SlotTerms,
  now: Instant,
): Result<BookingPolicy, Exclude<TermsError, PolicyOfError>> {
  if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
  if (!city.active) return fail({ type: 'CityInactive', id: city.id });
  return checkTiming(slot, policy, now).map(() => policy);
}

/** What a candidate's other bookings do not allow. */
export const checkCandidate = ({ slot, candidate, ahead }: WantedSlot, policy: BookingPolicy) =>
  checkOtherBookings(slot, candidate.id, ahead, policy);

export type TakingError =
  | CandidateBusy
  | DuplicateBooking
  | TooManyBookings
  | InvalidTransition
  | StoreStartedError;

/** Gives a free slot to the candidate, once the rules of the slot have been asked. */
export const startTaking = (
  uow: UnitOfWork,
  taking: Taking,
  wanted: WantedSlot,
  policy: BookingPolicy,
  by: { readonly actor: Actor; readonly reason?: string | undefined },
): ResultAsync<Standing, TakingError> =>
  safeTry<Standing, TakingError>(async function* () {
    const { slot, candidate, now } = wanted;
    yield* checkCandidate(wanted, policy);
    const id = yield* uow.bookings.nextId();
    const { command, minutes } = startOf(taking, policy);
    const expiresAt = minutes === undefined ? undefined : lapsesAt(minutes, slot, now);
    const after = yield* startBooking(command, slot, { id, candidateId: candidate.id, at: now, expiresAt });
    const started = yield* storeStarted(uow, { ...by, at: now, command, before: { slot }, after });
    return ok(started);
  });

/** Which row of the state machine it is, and how long the slot is kept for somebody to decide. */
export function startOf(taking: Taking, policy: BookingPolicy) {
  if (taking === 'hold') return { command: 'hold', minutes: policy.holdMinutes } as const;
  if (taking === 'offer') return { command: 'offer', minutes: policy.offerMinutes } as const;
  return policy.approval === 'auto'
    ? ({ command: 'book', minutes: undefined } as const)
    : ({ command: 'request', minutes: policy.approvalMinutes } as const);
}
