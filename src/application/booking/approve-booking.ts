import type { ResultAsync } from 'neverthrow';
import type { HoldExpired, TooLate } from '../../domain/booking/booking-errors.ts';
import { notLapsed, notStarted } from '../../domain/booking/deadlines.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type ApproveBookingError = ChangeBookingError | HoldExpired | TooLate;

/** The slot's recruiter accepts a request, before it lapses and before the slot starts. */
export const approveBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, ApproveBookingError> =>
    changeBooking<HoldExpired | TooLate>(
      context,
      {
        command: 'approve',
        allowed: ['recruiter'],
        check: (standing, now) => notStarted(standing.slot, now).andThen(() => notLapsed(standing, now)),
      },
      command,
      options,
    );
