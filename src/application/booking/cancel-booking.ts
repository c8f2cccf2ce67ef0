import { err, ok, type ResultAsync } from 'neverthrow';
import type { FreezeWindow, TooLate } from '../../domain/booking/booking-errors.ts';
import { inMilliseconds } from '../../domain/booking/booking-policy.ts';
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
          if (!slot.startsAt.isAfter(now)) return err({ type: 'TooLate', deadline: slot.startsAt });
          if (actor.kind !== 'candidate') return ok();
          return policyOf(uow, context.policy, slot).andThen(({ freezeMinutes }) => {
            const frozenSince = slot.startsAt.plus(-inMilliseconds(freezeMinutes));
            return frozenSince.isAfter(now)
              ? ok()
              : err<void, FreezeWindow>({ type: 'FreezeWindow', frozenSince });
          });
        },
      },
      command,
      options,
    );
