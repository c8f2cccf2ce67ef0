import type { Instant } from '../shared/instant.ts';
import type { Slot } from '../slot/slot.ts';

/**
 * What time has decided about a slot and nobody has settled yet: that its hold, request or offer lapsed, or that its
 * interview is over.
 */
export function overdue(slot: Slot, now: Instant): 'expire' | 'complete' | undefined {
  if (slot.hasLapsedAt(now)) return 'expire';
  const over = !slot.endsAt.isAfter(now);
  return over && (slot.status === 'booked' || slot.status === 'confirmed') ? 'complete' : undefined;
}
