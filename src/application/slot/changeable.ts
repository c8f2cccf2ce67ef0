import { ok, type Result } from 'neverthrow';
import type { TooLate } from '../../domain/booking/booking-errors.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';

/** A slot is history once it has started, or is withdrawn or completed. */
export function changeable(
  slot: Slot,
  command: 'move' | 'reassign',
  now: Instant,
): Result<Slot, InvalidTransition | TooLate> {
  const { status, startsAt } = slot;
  if (status !== 'free' && !isActive(status))
    return fail({ type: 'InvalidTransition', command, from: status, to: status });
  return startsAt.isAfter(now) ? ok(slot) : fail({ type: 'TooLate', deadline: startsAt });
}
