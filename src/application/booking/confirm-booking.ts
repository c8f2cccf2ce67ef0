import type { ResultAsync } from 'neverthrow';
import type { HoldExpired, TooLate } from '../../domain/booking/booking-errors.ts';
import { notLapsed, notStarted } from '../../domain/booking/deadlines.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type ConfirmBookingError = ChangeBookingError | TooLate | HoldExpired;

/** The candidate says, before the slot starts, that they will come; accepts, before it lapses, a slot that was offered. */
export const confirmBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, ConfirmBookingError> =>
    changeBooking<TooLate | HoldExpired>(
      context,
      {
        command: 'confirm',
        allowed: ['candidate'],
        check: ({ slot }, now) => notStarted(slot, now),
        // An offer lapses at the start at the latest.
        offered: { command: 'acceptOffer', allowed: ['candidate'], check: notLapsed },
      },
      command,
      options,
    );
