import { err, ok, type ResultAsync } from 'neverthrow';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type ConfirmBookingError = ChangeBookingError | TooLate;

/** The candidate says, before the slot starts, that they will come. */
export const confirmBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, ConfirmBookingError> =>
    changeBooking<TooLate>(
      context,
      {
        command: 'confirm',
        allowed: ['candidate'],
        check: ({ slot }, now) =>
          slot.startsAt.isAfter(now) ? ok() : err({ type: 'TooLate', deadline: slot.startsAt }),
      },
      command,
      options,
    );
