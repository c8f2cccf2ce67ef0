import { err, ok, type ResultAsync } from 'neverthrow';
import type { FreezeWindow, TooLate } from '../../domain/booking/booking-errors.ts';
import { inMilliseconds } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { changeBooking, type ChangeBooking, type ChangeBookingError } from './change-booking.ts';

export type CancelBookingError = ChangeBookingError | FreezeWindow | TooLate;

/**
 * Ends a booked or confirmed booking before the slot starts; the slot is free again. A candidate is bound by the
 * policy's freeze window; a recruiter or admin must give a reason.
 */
export const cancelBooking =
  (context: UseCaseContext) =>
  (command: ChangeBooking, options: UseCaseOptions = {}): ResultAsync<Booking, CancelBookingError> =>
    changeBooking<FreezeWindow | TooLate>(
      context,
      {
        command: 'cancel',
        allowed: ['candidate', 'recruiter'],
        reasonRequired: true,
        check: ({ slot }, now, actor) => {
          if (!slot.startsAt.isAfter(now)) return err({ type: 'TooLate', deadline: slot.startsAt });
          const frozenSince = slot.startsAt.plus(-inMilliseconds(context.policy.freezeMinutes));
          return actor.kind === 'candidate' && !frozenSince.isAfter(now)
            ? err({ type: 'FreezeWindow', frozenSince })
            : ok();
        },
      },
      command,
      options,
    );
