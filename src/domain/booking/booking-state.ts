export const bookingStates = [
  'held',
  'offered',
  'requested',
  'booked',
  'confirmed',
  'completed',
  'canceled',
  'rejected',
  'expired',
  'moved',
] as const;
export type BookingState = (typeof bookingStates)[number];

/** A live booking is the one its slot points at; every other one is history and never changes again. */
export const liveBookingStates = [
  'held',
  'offered',
  'requested',
  'booked',
  'confirmed',
] as const satisfies readonly BookingState[];

export const isLive = (state: BookingState): boolean =>
  (liveBookingStates as readonly BookingState[]).includes(state);

/** What became of an interview, once it was over. */
export const bookingOutcomes = ['attended', 'candidate_no_show', 'recruiter_no_show'] as const;
export type BookingOutcome = (typeof bookingOutcomes)[number];
