import type { ResultAsync } from 'neverthrow';
import type { FreezeWindow, TooLate } from '../../domain/booking/booking-errors.ts';
import { notFrozen, notStarted } from '../../domain/booking/deadlines.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { policyOf, type PolicyOfError } from './policy-of.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type CancelBookingError = ChangeBookingError | FreezeWindow | TooLate | PolicyOfError;

/**
 * Ends a booked or confirmed booking before the slot starts; the slot is free again. A candidate is bound by the
 * policy's freeze window; a recruiter or admin must give a reason.
 */
export const cancelBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, CancelBookingError> =>
    changeBooking<FreezeWindow | TooLate | PolicyOfError>(
      context,
      {
        command: 'cancel',
        allowed: ['candidate', 'recruiter'],
        reasonRequired: true,
        check: ({ slot }, now, actor, uow) => {
          const inTime = notStarted(slot, now);
          if (inTime.isErr() || actor.kind !== 'candidate') return inTime;
          return policyOf(uow, context.policy, slot).andThen((policy) => notFrozen(slot, policy, now));
        },
      },
      command,
      options,
    );
