import type { Result } from 'neverthrow';
import { Recruiter, type RecruiterDraft } from '../../domain/recruiter/recruiter.ts';
import type { CityId, RecruiterId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { TelegramId } from '../../domain/shared/telegram-id.ts';
import type { TimeZoneId } from '../../domain/shared/time-zone.ts';
import { readPolicy } from './policy-field.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about; the cities are in a table of their own. */
export const recruiterColumns = ({ name, timeZone, telegramChatId, active, policy }: RecruiterDraft) => ({
  name,
  time_zone: timeZone,
  telegram_chat_id: telegramChatId ?? null,
  active,
  policy: JSON.stringify(policy),
});

export const recruiterToRecord = (recruiter: Recruiter) => ({
  id: recruiter.id,
  version: recruiter.version,
  city_ids: recruiter.cityIds,
  ...recruiterColumns(recruiter),
  policy: recruiter.policy,
});

export const recruiterFromRecord = (record: unknown): Result<Recruiter, CorruptRecord> =>
  readRecord(
    'recruiter',
    record,
    (read) =>
      new Recruiter({
        id: read.integer('id') as RecruiterId,
        name: read.text('name'),
        timeZone: read.text('time_zone') as TimeZoneId,
        cityIds: (read.integers('city_ids') as CityId[]).toSorted((a, b) => a - b),
        telegramChatId: read.optionalDigits('telegram_chat_id') as TelegramId | undefined,
        active: read.flag('active'),
        policy: readPolicy(read),
        version: read.integer('version'),
      }),
  );
