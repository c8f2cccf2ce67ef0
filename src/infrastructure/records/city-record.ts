import type { Result } from 'neverthrow';
import { City, type CityDraft } from '../../domain/city/city.ts';
import type { CityId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { TimeZoneId } from '../../domain/shared/time-zone.ts';
import { readPolicy } from './policy-field.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about. */
export const cityColumns = ({ name, timeZone, active, policy }: CityDraft) => ({
  name,
  time_zone: timeZone,
  active,
  policy: JSON.stringify(policy),
});

export const cityToRecord = (city: City) => ({
  id: city.id,
  version: city.version,
  ...cityColumns(city),
  policy: city.policy,
});

export const cityFromRecord = (record: unknown): Result<City, CorruptRecord> =>
  readRecord(
    'city',
    record,
    (read) =>
      new City({
        id: read.integer('id') as CityId,
        name: read.text('name'),
        timeZone: read.text('time_zone') as TimeZoneId,
        active: read.flag('active'),
        policy: readPolicy(read),
        version: read.integer('version'),
      }),
  );
