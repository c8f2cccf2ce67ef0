import type { Result } from 'neverthrow';
import type { BookingId, CandidateId, CityId, RecruiterId, SlotId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { TimeZoneId } from '../../domain/shared/time-zone.ts';
import { slotStatuses } from '../../domain/slot/slot-status.ts';
import { Slot, type SlotDraft } from '../../domain/slot/slot.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about when publishing. */
export const slotDraftColumns = (draft: SlotDraft) => ({
  recruiter_id: draft.recruiterId,
  city_id: draft.cityId,
  purpose: draft.purpose,
  time_zone: draft.timeZone,
  starts_at: draft.startsAt.toJSON(),
  ends_at: draft.endsAt.toJSON(),
  occupied_from: draft.occupiedFrom.toJSON(),
  occupied_until: draft.occupiedUntil.toJSON(),
});

export const slotColumns = (slot: Slot) => ({
  ...slotDraftColumns(slot),
  status: slot.status,
  candidate_id: slot.candidateId ?? null,
  current_booking_id: slot.currentBookingId ?? null,
  hold_expires_at: slot.holdExpiresAt?.toJSON() ?? null,
});

export const slotToRecord = (slot: Slot) => ({ id: slot.id, version: slot.version, ...slotColumns(slot) });

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
        status: read.oneOf('status', slotStatuses),
        candidateId: read.optionalInteger('candidate_id') as CandidateId | undefined,
        currentBookingId: read.optionalInteger('current_booking_id') as BookingId | undefined,
        holdExpiresAt: read.optionalInstant('hold_expires_at'),
        version: read.integer('version'),
      }),
  );
