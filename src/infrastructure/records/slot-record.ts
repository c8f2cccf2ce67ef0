import type { Result } from 'neverthrow';
import type { BookingId, CandidateId, CityId, RecruiterId, SlotId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { TimeZoneId } from '../../domain/shared/time-zone.ts';
import { slotStatuses } from '../../domain/slot/slot-status.ts';
import { Slot, type SlotDraft } from '../../domain/slot/slot.ts';
import { readPolicy } from './policy-field.ts';
import { readRecord } from './record-reader.ts';

/** Everything a slot is read from. */
export const slotColumnNames = [
  'id',
  'recruiter_id',
  'city_id',
  'purpose',
  'time_zone',
  'starts_at',
  'ends_at',
  'occupied_from',
  'occupied_until',
  'policy',
  'status',
  'candidate_id',
  'current_booking_id',
  'hold_expires_at',
  'version',
] as const;

/** The columns a caller decides about when publishing. */
export const slotDraftColumns = (draft: SlotDraft) => draftColumns(draft, asText);

export const slotColumns = (slot: Slot) => columns(slot, asText);

export const slotToRecord = (slot: Slot) => ({
  id: slot.id,
  version: slot.version,
  ...columns(slot, asMilliseconds),
  policy: slot.policy,
});

/** Slots as one JSON parameter, in which a policy is an object and no text. */
export const slotsAsJson = (slots: readonly (Slot | (SlotDraft & { readonly id?: SlotId }))[]): string =>
  JSON.stringify(
    slots.map((slot, index) => ({
      index,
      id: slot.id ?? null,
      ...(slot instanceof Slot ? slotColumns(slot) : { ...slotDraftColumns(slot), status: 'free' }),
      policy: slot.policy,
    })),
  );

/** PostgreSQL is given text; a number is read back from a cache several times faster. */
const asText = (instant: Instant): string => instant.toJSON();
const asMilliseconds = (instant: Instant): number => instant.epochMilliseconds;

const draftColumns = <At>(draft: SlotDraft, at: (instant: Instant) => At) => ({
  recruiter_id: draft.recruiterId,
  city_id: draft.cityId,
  purpose: draft.purpose,
  time_zone: draft.timeZone,
  starts_at: at(draft.startsAt),
  ends_at: at(draft.endsAt),
  occupied_from: at(draft.occupiedFrom),
  occupied_until: at(draft.occupiedUntil),
  policy: JSON.stringify(draft.policy),
});

const columns = <At>(slot: Slot, at: (instant: Instant) => At) => ({
  ...draftColumns(slot, at),
  status: slot.status,
  candidate_id: slot.candidateId ?? null,
  current_booking_id: slot.currentBookingId ?? null,
  hold_expires_at: slot.holdExpiresAt === undefined ? null : at(slot.holdExpiresAt),
});

export const readSlotId = (record: unknown): Result<SlotId, CorruptRecord> =>
  readRecord('slot', record, (read) => read.integer('id') as SlotId);

export const slotFromRecord = (record: unknown): Result<Slot, CorruptRecord> =>
  readRecord(
    'slot',
    record,
    (read) =>
      new Slot({
        id: read.integer('id') as SlotId,
        recruiterId: read.integer('recruiter_id') as RecruiterId,
        cityId: read.integer('city_id') as CityId,
        purpose: read.text('purpose'),
        timeZone: read.text('time_zone') as TimeZoneId,
        startsAt: read.instant('starts_at'),
        endsAt: read.instant('ends_at'),
        occupiedFrom: read.instant('occupied_from'),
        occupiedUntil: read.instant('occupied_until'),
        policy: readPolicy(read),
        status: read.oneOf('status', slotStatuses),
        candidateId: read.optionalInteger('candidate_id') as CandidateId | undefined,
        currentBookingId: read.optionalInteger('current_booking_id') as BookingId | undefined,
        holdExpiresAt: read.optionalInstant('hold_expires_at'),
        version: read.integer('version'),
      }),
  );
