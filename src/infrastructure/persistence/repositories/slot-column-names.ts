/** Every column of a slot's record. */
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
