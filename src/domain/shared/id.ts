import { ok, Result } from 'neverthrow';
import type { Brand, Unbranded } from './brand.ts';
import { invalid, type ValidationError } from './validation-error.ts';

export type RecruiterId = Brand<number, 'RecruiterId'>;
export type CityId = Brand<number, 'CityId'>;
export type SlotId = Brand<number, 'SlotId'>;
export type BookingId = Brand<number, 'BookingId'>;
export type CandidateId = Brand<number, 'CandidateId'>;
export type TemplateId = Brand<number, 'TemplateId'>;
export type RescheduleRequestId = Brand<number, 'RescheduleRequestId'>;

export type BlockedPeriodId = Brand<number, 'BlockedPeriodId'>;

export type WaitlistEntryId = Brand<number, 'WaitlistEntryId'>;

export type AnyId =
  | RecruiterId
  | CityId
  | SlotId
  | BookingId
  | CandidateId
  | TemplateId
  | RescheduleRequestId
  | BlockedPeriodId
  | WaitlistEntryId;

/** An id as callers give it: branded, or a plain number. Another entity's id does not compile. */
export type IdInput<Id extends AnyId> = Id | Unbranded<number>;

const parseId =
  <Id extends AnyId>(defaultField: string) =>
  (input: number, field = defaultField): Result<Id, ValidationError> =>
    Number.isSafeInteger(input) && input > 0 ? ok(input as Id) : invalid(field, 'must be a positive integer');

export const parseRecruiterId = parseId<RecruiterId>('recruiterId');
export const parseCityId = parseId<CityId>('cityId');
export const parseSlotId = parseId<SlotId>('slotId');
export const parseBookingId = parseId<BookingId>('bookingId');
export const parseCandidateId = parseId<CandidateId>('candidateId');
export const parseTemplateId = parseId<TemplateId>('templateId');
export const parseRescheduleRequestId = parseId<RescheduleRequestId>('requestId');
export const parseBlockedPeriodId = parseId<BlockedPeriodId>('blockedPeriodId');
export const parseWaitlistEntryId = parseId<WaitlistEntryId>('entryId');

/** Validates a list of ids; the error names the position. */
export const parseIds = <Id extends AnyId>(
  parse: (input: number, field?: string) => Result<Id, ValidationError>,
  ids: readonly number[],
  field = 'ids',
): Result<readonly Id[], ValidationError> =>
  Array.isArray(ids)
    ? // `Array.from` also visits holes, which `map` would leave as they are.
      Result.combine(Array.from(ids as readonly number[], (id, index) => parse(id, `${field}[${index}]`)))
    : invalid(field, 'must be an array');
