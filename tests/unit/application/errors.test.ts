import { describe, expect, it } from 'vitest';
import { describeError, isRetryable, type SlotwiseError } from '../../../src/application/errors.ts';
import type { StartupError } from '../../../src/application/ports/startup-error.ts';
import type { RescheduleRequestId } from '../../../src/domain/shared/id.ts';
import type { BlockedPeriodId } from '../../../src/domain/shared/id.ts';
import type { SlotNotFound } from '../../../src/domain/slot/slot-errors.ts';
import type { WaitlistEntryId } from '../../../src/domain/shared/id.ts';
import { bookingIn, candidate, city, now, recruiter, slotIn } from '../domain/subjects.ts';

type Samples = {
  readonly [Type in SlotwiseError['type']]: Omit<Extract<SlotwiseError, { type: Type }>, 'type'>;
};

const slot = slotIn('free');
const booking = bookingIn('held');
const meeting = { candidateId: candidate.id, recruiterId: recruiter.id };
const telegramId = candidate.telegramId ?? ('1' as NonNullable<typeof candidate.telegramId>);

/** One of each, so that a new error without a sentence does not compile. */
const samples: Samples = {
  Validation: { field: 'name', message: 'must not be empty' },
  Database: { operation: 'cities.add', message: 'disk full', retryable: false, cause: undefined },
  Timeout: { operation: 'slots.get', waitedFor: 'connection', retryable: true },
  ConstraintViolation: { operation: 'commit', constraint: 'slot_current_booking_fk', sqlState: '23503' },
  CorruptRecord: { entity: 'slot', message: 'starts_at is missing' },
  UnitOfWorkState: { operation: 'cities.add', state: 'read-only' },
  Unexpected: { message: 'boom', cause: new Error('boom') },
  StaleVersion: { entity: 'slot', id: 4, expected: 1, actual: 2 },
  StillReferenced: { entity: 'city', id: 1 },
  InvalidTimeZone: { field: 'timeZone', value: 'Mars/Olympus' },
  Forbidden: { command: 'approve', actor: { kind: 'candidate', id: 3 } },
  InvalidTransition: { command: 'approve', from: 'canceled', to: 'booked' },
  CityNotFound: { id: city.id },
  CityExists: { name: 'Berlin' },
  CityInactive: { id: city.id },
  RecruiterNotFound: { id: recruiter.id },
  RecruiterInactive: { id: recruiter.id },
  CityNotLinked: { recruiterId: recruiter.id, cityId: city.id },
  CandidateNotFound: { id: candidate.id },
  CandidateInactive: { id: candidate.id },
  CandidateHasBookings: { candidateId: candidate.id, bookingIds: [booking.id] },
  TelegramIdTaken: { telegramId },
  SlotNotFound: { id: slot.id },
  SlotTaken: { slotId: slot.id, alternatives: [slot] },
  SlotOverlap: { recruiterId: recruiter.id },
  SlotInPast: { startsAt: now },
  PeriodBlocked: { periodId: 7 as BlockedPeriodId, startsAt: now, endsAt: now.plus(60_000) },
  BlockedPeriodNotFound: { id: 7 as BlockedPeriodId },
  ItemsRefused: { refused: [{ index: 2, error: { type: 'SlotNotFound', id: slot.id } as SlotNotFound }] },
  StillBooked: { entity: 'recruiter', id: recruiter.id, slotIds: [slot.id] },
  CandidateBusy: { candidateId: candidate.id },
  DuplicateBooking: meeting,
  BookingNotFound: { id: booking.id },
  HoldExpired: { bookingId: booking.id, expiredAt: now },
  TooLate: { deadline: now },
  TooEarly: { opensAt: now },
  FreezeWindow: { frozenSince: now },
  TooManyBookings: { candidateId: candidate.id, limit: 2 },
  TemplateNotFound: { key: 'booking_offer', locale: 'fr', channel: 'plain' },
  TemplateExists: { key: 'booking_offer', locale: 'fr', channel: 'plain', cityId: undefined },
  MissingVariable: { key: 'booking_offer', variables: ['date', 'time'] },
  NoSlotFree: { cityId: city.id, purpose: 'interview' },
  RescheduleLimit: { bookingId: booking.id, limit: 2 },
  ApprovalRequired: { bookingId: booking.id, use: 'requestReschedule' },
  RescheduleNotFound: { id: 7 as RescheduleRequestId },
  ReschedulePending: { bookingId: booking.id },
  RescheduleDecided: { requestId: 7 as RescheduleRequestId, state: 'declined' },
  IdempotencyMismatch: { key: 'press 1', operation: 'booking.reserve' },
  TokenNotFound: {},
  TokenUsed: { usedAt: now },
  TokenExpired: { expiredAt: now },
  TokenMismatch: { action: 'confirm' },
  ActionTooLong: { bytes: 70, limit: 64 },
  ActionTampered: {},
  ActionExpired: { expiredAt: now },
  UnknownActionKey: { keyId: 1 },
  BrokenTrail: { entryId: 3, claimed: 'pending', found: 'free' },
  WaitlistEntryNotFound: { id: 7 as WaitlistEntryId },
  AlreadyWaiting: { candidateId: candidate.id, cityId: city.id, purpose: 'interview' },
  WaitlistEntryEnded: { id: 7 as WaitlistEntryId, status: 'accepted' },
  CacheUnavailable: { operation: 'set', retryable: true },
  UnknownFamily: { family: 'recruters' },
  UnresolvedPlaceholder: { template: 'job:{arg1.id}', placeholder: 'arg1.id' },
};

const errors = Object.entries(samples).map(([type, fields]) => ({ type, ...fields }) as SlotwiseError);

describe('an error in words', () => {
  it.each(errors)('$type is one sentence that says what it is about', (error) => {
    const sentence = describeError(error);
    expect(sentence).toMatch(/^\S.{8,}\S$/);
    expect(sentence).not.toMatch(/undefined|\[object|NaN/);
  });

  it('is a different one for each error', () => {
    expect(new Set(errors.map(describeError)).size).toBe(errors.length);
  });
});

const startupErrors: readonly StartupError[] = [
  { type: 'Config', key: 'cache.url', message: 'must start with redis://' },
  { type: 'MissingPackage', packages: ['a', 'b'], install: 'npm install a b' },
  { type: 'DatabaseUnreachable', message: 'connect ECONNREFUSED', cause: undefined },
];

describe('an error at start', () => {
  it('is one sentence too', () => {
    expect(startupErrors.map(describeError)).toEqual([
      'the option cache.url must start with redis://',
      'a and b must be installed: npm install a b',
      'the database cannot be reached: connect ECONNREFUSED',
    ]);
    expect(startupErrors.filter(isRetryable)).toEqual([]);
  });
});

describe('what is no error of the SDK', () => {
  const unknown = [
    { type: 'MyOwn' },
    { type: 'toString' },
    { type: Symbol('x') },
    {},
    null,
    undefined,
    'Timeout',
    5,
  ];

  it.each(unknown)('is described without a throw, and is not worth a retry: %s', (error) => {
    expect(describeError(error as never)).toMatch(/^unknown error/);
    expect(isRetryable(error as never)).toBe(false);
  });

  it('is named by its type', () => {
    expect(describeError({ type: 'MyOwn' } as never)).toBe('unknown error MyOwn');
  });
});

describe('whether to try again', () => {
  it('is said by the errors that know', () => {
    expect(errors.filter(isRetryable).map(({ type }) => type)).toEqual(['Timeout', 'CacheUnavailable']);
    expect(isRetryable({ type: 'Database', ...samples.Database, retryable: true })).toBe(true);
  });
});
