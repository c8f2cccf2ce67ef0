import { ok, type Result } from 'neverthrow';
import { fail } from '../shared/fail.ts';
import type { Instant } from '../shared/instant.ts';
import type { Slot } from '../slot/slot.ts';
import type { FreezeWindow, HoldExpired, TooLate } from './booking-errors.ts';
import { inMilliseconds, type BookingPolicy } from './booking-policy.ts';
import type { Standing } from './transition-booking.ts';

/** For commands that come too late once the hold, request or offer has lapsed. */
export const notLapsed = ({ slot, booking }: Standing, now: Instant): Result<void, HoldExpired> =>
  slot.hasLapsedAt(now)
    ? fail({ type: 'HoldExpired', bookingId: booking.id, expiredAt: slot.holdExpiresAt ?? now })
    : ok();

/** For commands that must come before the slot starts. */
export const notStarted = ({ startsAt }: Slot, now: Instant): Result<void, TooLate> =>
  startsAt.isAfter(now) ? ok() : fail({ type: 'TooLate', deadline: startsAt });

/** For what a candidate can no longer decide alone shortly before the start. */
export function notFrozen(
  { startsAt }: Slot,
  { freezeMinutes }: BookingPolicy,
  now: Instant,
): Result<void, FreezeWindow> {
  const frozenSince = startsAt.plus(-inMilliseconds(freezeMinutes));
  return frozenSince.isAfter(now) ? ok() : fail({ type: 'FreezeWindow', frozenSince });
}
