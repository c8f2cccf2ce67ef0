/**
 * How this process hears of bumps made elsewhere. Memory may answer only while it can be sure to have heard of all that
 * were made until a moment ago.
 */
export interface Backplane {
  /** On the clock of `performance.now()`; 0 while nothing is heard. */
  readonly trustedUntil: number;
  /** A reader found the time to be over: from here on it is as if the connection had been lost. */
  late(): void;
}

/** Where there is nobody else to hear from. */
export const nobodyElse: Backplane = { trustedUntil: Number.POSITIVE_INFINITY, late: () => undefined };
