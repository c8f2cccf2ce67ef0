import type { Instant } from '../shared/instant.ts';

/** How much somebody or some place has to offer. */
export interface Availability {
  /** Free slots ahead. */
  readonly count: number;
  /** When the next of them starts; unset when there is none. */
  readonly nextStart: Instant | undefined;
}

export const notAvailable: Availability = Object.freeze({ count: 0, nextStart: undefined });
