import { isOccupied, type SlotStatus } from './slot-status.ts';
import { Slot, type Occupancy } from './slot.ts';

/**
 * The slot in another status; `occupancy` exactly for the statuses in which somebody has it.
 *
 * Not a method, and not public: a slot only changes status together with its booking, see `transition-booking.ts`.
 */
export function slotInStatus(slot: Slot, status: SlotStatus, occupancy?: Occupancy): Slot {
  const kept = isOccupied(status) ? (occupancy ?? slot) : undefined;
  return new Slot({
    ...slot,
    status,
    candidateId: kept?.candidateId,
    currentBookingId: kept?.currentBookingId,
    holdExpiresAt: status === 'pending' ? kept?.holdExpiresAt : undefined,
  });
}
