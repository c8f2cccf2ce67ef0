export const slotStatuses = ['free', 'pending', 'booked', 'confirmed', 'completed', 'canceled'] as const;
export type SlotStatus = (typeof slotStatuses)[number];

/** Statuses in which a candidate has the slot ahead of them; the exclusion and uniqueness guards count these. */
export const activeSlotStatuses = ['pending', 'booked', 'confirmed'] as const satisfies readonly SlotStatus[];

/** Statuses in which the slot names a candidate and the booking that holds it. */
export const occupiedSlotStatuses = [
  ...activeSlotStatuses,
  'completed',
] as const satisfies readonly SlotStatus[];

export const isActive = (status: SlotStatus): boolean =>
  (activeSlotStatuses as readonly SlotStatus[]).includes(status);

export const isOccupied = (status: SlotStatus): boolean =>
  (occupiedSlotStatuses as readonly SlotStatus[]).includes(status);
