import type { Instant } from '../../domain/shared/instant.ts';

/** The process's idea of now. Deadlines of bookings are decided by the database's clock instead. */
export interface Clock {
  now(): Instant;
}
