import { activeSlotStatuses } from '../../../domain/slot/slot-status.ts';
import { slotColumnNames } from '../../records/slot-record.ts';
import { updateGiven } from './update-given.ts';

// Statements on many slots at once. Rows go in as one JSON parameter: a batch of them has more values than a statement
// may have parameters, and planning thousands of those takes longer than storing what they hold.

const given = `jsonb_to_recordset($1::jsonb) as given (
  index integer, id bigint, recruiter_id bigint, city_id bigint, purpose text, time_zone text, starts_at timestamptz,
  ends_at timestamptz, occupied_from timestamptz, occupied_until timestamptz, policy jsonb, status text,
  candidate_id bigint, current_booking_id bigint, hold_expires_at timestamptz)`;

const drafted = [
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
] as const;

const active = activeSlotStatuses.map((status) => `'${status}'`).join(', ');

/** All of them or none. Rows are stored in the order given. */
export const insertSlots = (schema: string): string =>
  `insert into "${schema}".slot (${drafted.join(', ')})
   select ${drafted.join(', ')} from ${given} order by index`;

/**
 * Those that collide with nothing. Without a target `on conflict do nothing` covers the exclusion constraints too, and
 * rows of the same statement: of two that collide the first one is kept.
 */
export const insertFittingSlots = (schema: string): string =>
  `${insertSlots(schema)} on conflict do nothing returning id`;

/**
 * Moves slots to where no slot can be. Guards are checked row by row, so slots that take over one another's times would
 * collide on the way; from there they go straight to where nothing of their own is any more.
 */
export const parkSlots = (schema: string): string =>
  `update "${schema}".slot set ${['starts_at', 'ends_at', 'occupied_from', 'occupied_until']
    .map((column) => `${column} = ${column} + interval '${BEYOND_ALL_SLOTS}'`)
    .join(', ')} where id = any ($1::bigint[])`;

/** Ten thousand years: instants end with the year 9999. */
const BEYOND_ALL_SLOTS = '87660000 hours';

export const updateSlots = (schema: string): string => updateGiven(schema, 'slot', slotColumnNames, given);

/** The guards of the table as questions, about all slots but those that are given. */
export const selectConflicts = (schema: string): string =>
  `select index, overlap, duplicate, busy from (
     select given.index,
       given.status <> 'canceled' and given.purpose <> 'intro_day' and exists (
         select from "${schema}".slot other
         where other.recruiter_id = given.recruiter_id
           and other.occupied && tstzrange(given.occupied_from, given.occupied_until, '[)')
           and other.status <> 'canceled' and other.purpose <> 'intro_day'
           and other.id <> all ($2::bigint[])) as overlap,
       given.status in (${active}) and given.purpose <> 'intro_day' and exists (
         select from "${schema}".slot other
         where other.candidate_id = given.candidate_id and other.recruiter_id = given.recruiter_id
           and other.purpose = given.purpose and other.status in (${active})
           and other.id <> all ($2::bigint[])) as duplicate,
       given.status in (${active}) and exists (
         select from "${schema}".slot other
         where other.candidate_id = given.candidate_id
           and other.during && tstzrange(given.starts_at, given.ends_at, '[)')
           and other.status in (${active})
           and other.id <> all ($2::bigint[])) as busy
     from ${given}) as answers
   where overlap or duplicate or busy`;

/** Released when the transaction ends; hashed because a lock has a number for a name. */
export const lockNames = (mode: 'exclusive' | 'shared'): string =>
  `select pg_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}(hashtextextended(name, 0))
   from unnest($1::text[]) as name`;

/** One recruiter's schedule, for those who change much of it. */
export const scheduleLock = (schema: string, recruiterId: number): string =>
  `slotwise:${schema}:schedule:${recruiterId}`;
