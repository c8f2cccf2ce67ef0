import { bookingColumnNames } from '../../records/booking-record.ts';
import { updateGiven } from './update-given.ts';

/** Rows go in as one JSON parameter, as those of slots do. */
const given = `jsonb_to_recordset($1::jsonb) as given (
  id bigint, slot_id bigint, candidate_id bigint, purpose text, state text, created_at timestamptz,
  expires_at timestamptz, approved_at timestamptz, confirmed_at timestamptz, ended_at timestamptz, ended_by_kind text,
  ended_by_id bigint, end_reason text, outcome text, moved_from_id bigint, moved_to_id bigint, reschedule_count integer)`;

export const updateBookings = (schema: string): string =>
  updateGiven(schema, 'booking', bookingColumnNames, given);
