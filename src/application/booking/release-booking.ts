import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type ReleaseBookingError = ChangeBookingError;

/**
 * The candidate gives up a hold, or a request nobody has decided on; the recruiter takes an offer back. The slot is free
 * again.
 */
export const releaseBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, ReleaseBookingError> =>
    changeBooking(
      context,
      {
        command: 'release',
        allowed: ['candidate'],
        offered: { command: 'retractOffer', allowed: ['recruiter'] },
      },
      command,
      options,
    );
