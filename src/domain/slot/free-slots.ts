import type { Instant } from '../shared/instant.ts';
import { slotInStatus } from './slot-in-status.ts';
import type { Slot } from './slot.ts';

/** How a slot is shown to the next candidate: free, and without the id of somebody whose hold has lapsed. */
export const asFree = (slot: Slot): Slot => (slot.status === 'free' ? slot : slotInStatus(slot, 'free'));

/**
 * The part of an open list that can be offered: slots that start after `after` and that nobody holds at `now`. Slots
 * whose hold has lapsed are shown as what they are for the next candidate, free and without the previous one's id.
 */
export const freeSlots = (open: readonly Slot[], now: Instant, after: Instant = now): readonly Slot[] =>
  open
    .filter((slot) => slot.isFreeAt(now) && slot.startsAt.isAfter(after) && slot.startsAt.isAfter(now))
    .map(asFree);
