import type { Result } from 'neverthrow';
import type { CorruptRecord } from '../../../domain/shared/repository-error.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import type { Availability } from '../../../domain/slot/availability.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Db } from '../rows/tables.ts';

/** The database's clock, read once for the whole statement, so that an index can be searched with it. */
export const databaseNow = (db: Db) => db.selectNoFrom((eb) => eb.fn<string>('clock_timestamp').as('now'));

/** Nobody can book with an archived recruiter or in an archived city, so what they have is not offered. */
export const inUse = (db: Db, table: 'recruiter' | 'city') =>
  db.selectFrom(table).select('id').where('active', '=', true);

/** Everything that can be offered: slots ahead that are free, or whose hold has lapsed. */
export const freeSlotsAhead = (db: Db, after?: Instant) =>
  db
    .selectFrom('slot')
    // Says what the next condition implies, in the words of the index.
    .where('slot.status', 'in', ['free', 'pending'])
    .where((eb) => eb.or([eb('slot.status', '=', 'free'), eb('slot.hold_expires_at', '<=', databaseNow(db))]))
    .where('slot.starts_at', '>', databaseNow(db))
    .where((eb) => eb.and(after === undefined ? [] : [eb('slot.starts_at', '>', after.toJSON())]))
    .where('slot.recruiter_id', 'in', inUse(db, 'recruiter'))
    .where('slot.city_id', 'in', inUse(db, 'city'));

/** Of a row with `free` and `next_start`, which are absent where nothing is free. */
export const availabilityFromRecord = (record: unknown): Result<Availability, CorruptRecord> =>
  readRecord('availability', record, (read) => ({
    count: read.optionalInteger('free') ?? 0,
    nextStart: read.optionalInstant('next_start'),
  }));
