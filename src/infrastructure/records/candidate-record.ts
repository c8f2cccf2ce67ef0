import type { Result } from 'neverthrow';
import {
  Candidate,
  type CandidateDraft,
  type TelegramCandidateDraft,
} from '../../domain/candidate/candidate.ts';
import type { CandidateId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { TelegramId } from '../../domain/shared/telegram-id.ts';
import type { TimeZoneId } from '../../domain/shared/time-zone.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about. */
export const candidateColumns = (draft: CandidateDraft) => ({
  full_name: draft.fullName,
  telegram_id: draft.telegramId ?? null,
  username: draft.username ?? null,
  phone: draft.phone ?? null,
  time_zone: draft.timeZone ?? null,
  active: draft.active,
});

/** The columns that were given; those that were left out are not among them. */
export const telegramCandidateColumns = (draft: TelegramCandidateDraft) => ({
  full_name: draft.fullName,
  ...(draft.username === undefined ? {} : { username: draft.username }),
  ...(draft.phone === undefined ? {} : { phone: draft.phone }),
  ...(draft.timeZone === undefined ? {} : { time_zone: draft.timeZone }),
});

export const candidateToRecord = (candidate: Candidate) => ({
  id: candidate.id,
  version: candidate.version,
  ...candidateColumns(candidate),
});

export const candidateFromRecord = (record: unknown): Result<Candidate, CorruptRecord> =>
  readRecord(
    'candidate',
    record,
    (read) =>
      new Candidate({
        id: read.integer('id') as CandidateId,
        fullName: read.text('full_name'),
        telegramId: read.optionalDigits('telegram_id') as TelegramId | undefined,
        username: read.optionalText('username'),
        phone: read.optionalText('phone'),
        timeZone: read.optionalText('time_zone') as TimeZoneId | undefined,
        active: read.flag('active'),
        version: read.integer('version'),
      }),
  );
