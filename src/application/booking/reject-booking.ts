import type { ResultAsync } from 'neverthrow';
import type { HoldExpired } from '../../domain/booking/booking-errors.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, notLapsed, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type RejectBookingError = ChangeBookingError | HoldExpired;

/** The slot's recruiter declines a request; the slot is free again. */
export const rejectBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, RejectBookingError> =>
    changeBooking(context, { command: 'reject', allowed: ['recruiter'], check: notLapsed }, command, options);
