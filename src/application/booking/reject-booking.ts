import type { ResultAsync } from 'neverthrow';
import type { HoldExpired } from '../../domain/booking/booking-errors.ts';
import { notLapsed } from '../../domain/booking/deadlines.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type RejectBookingError = ChangeBookingError | HoldExpired;

/** The slot's recruiter declines a request, or the candidate what was offered to them; the slot is free again. */
export const rejectBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, RejectBookingError> =>
    changeBooking(
      context,
      {
        command: 'reject',
        allowed: ['recruiter'],
        check: notLapsed,
        offered: { command: 'declineOffer', allowed: ['candidate'], check: notLapsed },
      },
      command,
      options,
    );
