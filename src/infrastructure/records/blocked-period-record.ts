import type { Result } from 'neverthrow';
import { BlockedPeriod, type BlockedPeriodDraft } from '../../domain/blocked-period/blocked-period.ts';
import type { BlockedPeriodId, CityId, RecruiterId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readRecord } from './record-reader.ts';

export const blockedPeriodColumns = (draft: BlockedPeriodDraft) => ({
  recruiter_id: draft.recruiterId ?? null,
  city_id: draft.cityId ?? null,
  starts_at: draft.startsAt.toJSON(),
  ends_at: draft.endsAt.toJSON(),
  reason: draft.reason,
});

export const blockedPeriodToRecord = (period: BlockedPeriod) => ({
  id: period.id,
  version: period.version,
  ...blockedPeriodColumns(period),
});

export const blockedPeriodFromRecord = (record: unknown): Result<BlockedPeriod, CorruptRecord> =>
  readRecord(
    'blocked period',
    record,
    (read) =>
      new BlockedPeriod({
        id: read.integer('id') as BlockedPeriodId,
        recruiterId: read.optionalInteger('recruiter_id') as RecruiterId | undefined,
        cityId: read.optionalInteger('city_id') as CityId | undefined,
        startsAt: read.instant('starts_at'),
        endsAt: read.instant('ends_at'),
        reason: read.text('reason'),
        version: read.integer('version'),
      }),
  );
