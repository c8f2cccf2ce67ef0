import type { BrokenTrail } from '../domain/audit/replay.ts';
import type { BlockedPeriodNotFound, PeriodBlocked } from '../domain/blocked-period/blocked-period-errors.ts';
import type {
  ApprovalRequired,
  FreezeWindow,
  HoldExpired,
  BookingNotFound,
  RescheduleLimit,
  TooEarly,
  TooLate,
  TooManyBookings,
} from '../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../domain/booking/booking-transitions.ts';
import type {
  CandidateHasBookings,
  CandidateInactive,
  CandidateNotFound,
  TelegramIdTaken,
} from '../domain/candidate/candidate-errors.ts';
import type { CityExists, CityInactive, CityNotFound } from '../domain/city/city-errors.ts';
import type {
  MissingVariable,
  TemplateExists,
  TemplateNotFound,
} from '../domain/message-template/template-errors.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../domain/recruiter/recruiter-errors.ts';
import type {
  RescheduleDecided,
  RescheduleNotFound,
  ReschedulePending,
} from '../domain/reschedule/reschedule-errors.ts';
import type { Forbidden } from '../domain/shared/actor.ts';
import type { IdempotencyMismatch } from '../domain/idempotency/idempotency-errors.ts';
import type { ItemsRefused, RefusedItem } from '../domain/shared/bulk.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../domain/shared/time-zone.ts';
import type {
  CandidateBusy,
  DuplicateBooking,
  NoSlotFree,
  SlotInPast,
  SlotNotFound,
  SlotOverlap,
  SlotTaken,
} from '../domain/slot/slot-errors.ts';
import type {
  ActionExpired,
  ActionTampered,
  ActionTooLong,
  UnknownActionKey,
} from '../domain/token/action-data-errors.ts';
import type { TokenExpired, TokenMismatch, TokenNotFound, TokenUsed } from '../domain/token/token-errors.ts';
import type { StillBooked } from '../domain/slot/still-booked.ts';
import type {
  AlreadyWaiting,
  WaitlistEntryEnded,
  WaitlistEntryNotFound,
} from '../domain/waitlist/waitlist-errors.ts';
import type { CacheUnavailable, UnknownFamily, UnresolvedPlaceholder } from './ports/cache.ts';
import type { HeapSnapshotError } from './ports/heap-snapshots.ts';
import type { StartupError } from './ports/startup-error.ts';
import type { UnexpectedError } from './ports/unit-of-work.ts';

/** Everything an operation of the SDK may answer as an error. */
export type SlotwiseError =
  | RepositoryError
  | UnexpectedError
  | StaleVersion
  | StillReferenced
  | InvalidTimeZone
  | Forbidden
  | InvalidTransition
  | CityNotFound
  | CityExists
  | CityInactive
  | RecruiterNotFound
  | RecruiterInactive
  | CityNotLinked
  | CandidateNotFound
  | CandidateInactive
  | CandidateHasBookings
  | TelegramIdTaken
  | SlotNotFound
  | SlotTaken
  | SlotOverlap
  | SlotInPast
  | PeriodBlocked
  | BlockedPeriodNotFound
  | ItemsRefused
  | StillBooked
  | CandidateBusy
  | DuplicateBooking
  | BookingNotFound
  | HoldExpired
  | TooLate
  | TooEarly
  | FreezeWindow
  | TooManyBookings
  | TemplateNotFound
  | TemplateExists
  | MissingVariable
  | NoSlotFree
  | RescheduleLimit
  | ApprovalRequired
  | RescheduleNotFound
  | ReschedulePending
  | RescheduleDecided
  | IdempotencyMismatch
  | BrokenTrail
  | TokenNotFound
  | TokenUsed
  | TokenExpired
  | TokenMismatch
  | ActionTooLong
  | ActionTampered
  | ActionExpired
  | UnknownActionKey
  | WaitlistEntryNotFound
  | AlreadyWaiting
  | WaitlistEntryEnded
  | CacheUnavailable
  | UnknownFamily
  | UnresolvedPlaceholder;

/** Those, and what opening the SDK may answer. */
export type DescribedError = SlotwiseError | StartupError | HeapSnapshotError;

type Describe = {
  readonly [Type in DescribedError['type']]: (error: Extract<DescribedError, { type: Type }>) => string;
};

const descriptions: Describe = {
  Validation: ({ field, message }) => `${field} ${message}`,
  Database: ({ operation, message }) => `the database failed in ${operation}: ${message}`,
  Timeout: ({ operation, waitedFor }) => `${operation} waited too long for a ${waitedFor}`,
  ConstraintViolation: ({ operation, constraint }) => `${operation} violates ${constraint}`,
  CorruptRecord: ({ entity, message }) => `a stored ${entity} cannot be read: ${message}`,
  UnitOfWorkState: ({ operation, state }) => `${operation} came to a unit of work that is ${state}`,
  Unexpected: ({ message }) => `the work that was handed over threw: ${message}`,
  StaleVersion: ({ entity, id, expected, actual }) =>
    `${entity} ${id} was changed meanwhile: version ${expected} was read, ${actual} is stored`,
  StillReferenced: ({ entity, id }) => `${entity} ${id} is still referred to`,
  InvalidTimeZone: ({ field, value }) => `${field} "${value}" is no known time zone`,
  Forbidden: ({ command, actor }) => `a ${actor.kind} may not ${command} this`,
  InvalidTransition: ({ command, from, to }) =>
    `${command} would lead from ${from} to ${to}, which is not possible`,
  CityNotFound: ({ id }) => `there is no city ${id}`,
  CityExists: ({ name }) => `there is a city "${name}" already`,
  CityInactive: ({ id }) => `city ${id} is archived`,
  RecruiterNotFound: ({ id }) => `there is no recruiter ${id}`,
  RecruiterInactive: ({ id }) => `recruiter ${id} is archived`,
  CityNotLinked: ({ recruiterId, cityId }) => `recruiter ${recruiterId} does not work in city ${cityId}`,
  CandidateNotFound: ({ id }) => `there is no candidate ${id}`,
  CandidateInactive: ({ id }) => `candidate ${id} is archived`,
  CandidateHasBookings: ({ candidateId, bookingIds }) =>
    `candidate ${candidateId} has ${bookingIds.length} bookings ahead`,
  TelegramIdTaken: ({ telegramId }) => `Telegram id ${telegramId} belongs to somebody else`,
  SlotNotFound: ({ id }) => `there is no slot ${id}`,
  SlotTaken: ({ slotId, alternatives }) => `slot ${slotId} is taken; ${alternatives.length} others are free`,
  SlotOverlap: ({ recruiterId }) => `recruiter ${recruiterId} has another slot at this time`,
  SlotInPast: ({ startsAt }) => `the slot started at ${startsAt.toJSON()}`,
  PeriodBlocked: ({ startsAt, endsAt }) =>
    `nothing may be published from ${startsAt.toJSON()} until ${endsAt.toJSON()}`,
  BlockedPeriodNotFound: ({ id }) => `there is no blocked period ${id}`,
  ItemsRefused: ({ refused }) =>
    `nothing was done because of ${refused.length} of the items, first ${describeItem(refused[0])}`,
  StillBooked: ({ entity, id, slotIds }) => `${slotIds.length} slots ahead of ${entity} ${id} are taken`,
  CandidateBusy: ({ candidateId }) => `candidate ${candidateId} has another booking at this time`,
  DuplicateBooking: ({ candidateId, recruiterId }) =>
    `candidate ${candidateId} has a booking with recruiter ${recruiterId} already`,
  BookingNotFound: ({ id }) => `there is no booking ${id}`,
  HoldExpired: ({ bookingId, expiredAt }) => `booking ${bookingId} lapsed at ${expiredAt.toJSON()}`,
  TooLate: ({ deadline }) => `this was possible until ${deadline.toJSON()}`,
  TooEarly: ({ opensAt }) => `this is possible from ${opensAt.toJSON()} on`,
  FreezeWindow: ({ frozenSince }) => `candidates could cancel or reschedule until ${frozenSince.toJSON()}`,
  TooManyBookings: ({ candidateId, limit }) =>
    `candidate ${candidateId} has ${limit} active bookings already`,
  TemplateNotFound: ({ id, key, locale, channel }) =>
    id === undefined
      ? `there is no text for ${key ?? ''} in ${locale ?? ''} for ${channel ?? ''}`
      : `there is no template ${id}`,
  TemplateExists: ({ key, locale, channel }) =>
    `a text for ${key} in ${locale} for ${channel} is there or in use already`,
  MissingVariable: ({ key, variables }) => `${key} needs a value for ${variables.join(', ')}`,
  NoSlotFree: ({ cityId, purpose }) => `city ${cityId} has no slot for ${purpose} that can be had now`,
  RescheduleLimit: ({ bookingId, limit }) =>
    `booking ${bookingId} was rescheduled ${limit} times already, which is the limit`,
  ApprovalRequired: ({ bookingId, use }) =>
    `booking ${bookingId} needs the recruiter's approval to move: ask with ${use}`,
  RescheduleNotFound: ({ id }) => `there is no request ${id} to reschedule`,
  ReschedulePending: ({ bookingId }) => `a request to reschedule booking ${bookingId} is pending already`,
  RescheduleDecided: ({ requestId, state }) => `request ${requestId} to reschedule is ${state} already`,
  IdempotencyMismatch: ({ key, operation }) => `the key "${key}" was given with another call of ${operation}`,
  TokenNotFound: () => 'there is no such token',
  TokenUsed: ({ usedAt }) => `the token was used at ${usedAt.toJSON()}`,
  TokenExpired: ({ expiredAt }) => `the token expired at ${expiredAt.toJSON()}`,
  TokenMismatch: ({ action }) => `the token was not issued for ${action}`,
  ActionTooLong: ({ bytes, limit }) => `the action takes ${bytes} bytes, and ${limit} is the limit`,
  ActionTampered: () => 'the action was not signed by this bot, or for somebody else',
  ActionExpired: ({ expiredAt }) => `the action expired at ${expiredAt.toJSON()}`,
  UnknownActionKey: ({ keyId }) => `there is no key ${keyId} to check the action with`,
  BrokenTrail: ({ entryId, claimed, found }) =>
    `audit entry ${entryId} says ${claimed} was before it, and it was ${found}`,
  WaitlistEntryNotFound: ({ id }) => `there is no entry ${id} of a waiting list`,
  AlreadyWaiting: ({ candidateId, cityId, purpose }) =>
    `candidate ${candidateId} waits in city ${cityId} for ${purpose} already, with other wishes`,
  WaitlistEntryEnded: ({ id, status }) => `entry ${id} of the waiting list has ended: ${status}`,
  CacheUnavailable: ({ operation }) => `the cache is not available for ${operation}`,
  UnknownFamily: ({ family }) => `no cached key is known to belong to the family "${family}"`,
  UnresolvedPlaceholder: ({ template, placeholder }) =>
    `nothing in the call stands for {${placeholder}} in "${template}"`,
  Config: ({ key, message }) => `the option ${key} ${message}`,
  MissingPackage: ({ packages, install }) => `${packages.join(' and ')} must be installed: ${install}`,
  DatabaseUnreachable: ({ message }) => `the database cannot be reached: ${message}`,
  HeapSnapshot: ({ path, message }) => `${path} ${message}`,
};

/** Every type there is. */
export const errorTypes = Object.keys(descriptions) as readonly DescribedError['type'][];

/** One sentence in English for logs and developers; bots word their own answers by `type`. */
export function describeError(error: DescribedError): string {
  const type = typeOf(error);
  // An error of the host's own, from its own work in a transaction, must not make the host's logging throw.
  if (type === undefined || !Object.hasOwn(descriptions, type))
    return `unknown error ${type ?? ''}`.trimEnd();
  return (descriptions[error.type] as (error: DescribedError) => string)(error);
}

const describeItem = (item: RefusedItem<{ readonly type: string }> | undefined): string =>
  item === undefined ? 'none' : `${item.index}: ${describeError(item.error as SlotwiseError)}`;

function typeOf(error: { readonly type?: unknown } | null | undefined): string | undefined {
  const type = error?.type;
  return typeof type === 'string' ? type : undefined;
}

/** Whether simply making the same call again may succeed. */
export const isRetryable = (error: DescribedError): boolean =>
  (error as { readonly retryable?: unknown } | null | undefined)?.retryable === true;
