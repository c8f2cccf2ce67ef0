export const bookingStates = [
  'held',
  'requested',
  'booked',
  'confirmed',
  'completed',
  'canceled',
  'rejected',
  'expired',
] as const;
export type BookingState = (typeof bookingStates)[number];

/** A live booking is the one its slot points at; every other one is history and never changes again. */
export const liveBookingStates = [
  'held',
  'requested',
  'booked',
  'confirmed',
] as const satisfies readonly BookingState[];

export const isLive = (state: BookingState): boolean =>
  (liveBookingStates as readonly BookingState[]).includes(state);
