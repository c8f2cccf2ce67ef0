import type { Result } from 'neverthrow';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { moveBooking, withdrawFree, type Standing } from '../../domain/booking/transition-booking.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Accepted, AppliedTransition } from '../booking/applied-transition.ts';

interface Withdrawn extends AppliedTransition {
  readonly command: 'withdraw';
  readonly before: { readonly slot: Slot };
  readonly after: { readonly slot: Slot };
}

interface WithdrawnOccupied extends AppliedTransition {
  readonly command: 'withdrawOccupied';
  readonly before: Standing;
  readonly after: Standing;
}

export type Withdrawal = Withdrawn | WithdrawnOccupied;

/**
 * What it means to take a slot off the board, as far as that is possible: a slot that somebody has can be withdrawn
 * until it starts.
 *
 * @param booking the live one
 */
export function withdrawalOf(
  slot: Slot,
  booking: Booking | undefined,
  accepted: Accepted,
): Result<Withdrawal, InvalidTransition | TooLate> {
  if (booking === undefined)
    return withdrawFree(slot).map((after) => ({
      ...accepted,
      command: 'withdraw' as const,
      before: { slot },
      after: { slot: after },
    }));
  if (!slot.startsAt.isAfter(accepted.at)) return fail({ type: 'TooLate', deadline: slot.startsAt });
  const before = { slot, booking };
  return moveBooking('withdrawOccupied', before, accepted).map((after) => ({
    ...accepted,
    command: 'withdrawOccupied' as const,
    before,
    after,
  }));
}
