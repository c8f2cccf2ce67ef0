import type { Result } from 'neverthrow';
import type { BookingId, CandidateId, CityId, RecruiterId, WaitlistEntryId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { WaitlistEntry, waitlistStatuses, type WaitlistDraft } from '../../domain/waitlist/waitlist-entry.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about when joining. */
export const waitlistDraftColumns = (draft: WaitlistDraft) => ({
  candidate_id: draft.candidateId,
  city_id: draft.cityId,
  recruiter_id: draft.recruiterId ?? null,
  purpose: draft.purpose,
  wanted_from: draft.from?.toJSON() ?? null,
  wanted_until: draft.until?.toJSON() ?? null,
});

export const waitlistColumns = (entry: WaitlistEntry) => ({
  ...waitlistDraftColumns(entry),
  status: entry.status,
  joined_at: entry.joinedAt.toJSON(),
  booking_id: entry.bookingId ?? null,
  ended_at: entry.endedAt?.toJSON() ?? null,
});

/** Entries are never cached; a whole record of one is part of what a command has answered. */
export const waitlistEntryToRecord = (entry: WaitlistEntry) => ({
  id: entry.id,
  version: entry.version,
  ...waitlistColumns(entry),
});

export const waitlistEntryFromRecord = (record: unknown): Result<WaitlistEntry, CorruptRecord> =>
  readRecord(
    'waitlist entry',
    record,
    (read) =>
      new WaitlistEntry({
        id: read.integer('id') as WaitlistEntryId,
        candidateId: read.integer('candidate_id') as CandidateId,
        cityId: read.integer('city_id') as CityId,
        recruiterId: read.optionalInteger('recruiter_id') as RecruiterId | undefined,
        purpose: read.text('purpose'),
        from: read.optionalInstant('wanted_from'),
        until: read.optionalInstant('wanted_until'),
        status: read.oneOf('status', waitlistStatuses),
        joinedAt: read.instant('joined_at'),
        bookingId: read.optionalInteger('booking_id') as BookingId | undefined,
        endedAt: read.optionalInstant('ended_at'),
        version: read.integer('version'),
      }),
  );
