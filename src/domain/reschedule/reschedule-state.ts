/** `superseded`: the booking ended, or was moved, before anybody had decided. */
export const rescheduleStates = ['pending', 'approved', 'declined', 'superseded'] as const;
export type RescheduleState = (typeof rescheduleStates)[number];

/** The two who must agree. */
export const bookingSides = ['recruiter', 'candidate'] as const;
export type BookingSide = (typeof bookingSides)[number];

export const otherSide = (side: BookingSide): BookingSide =>
  side === 'recruiter' ? 'candidate' : 'recruiter';
