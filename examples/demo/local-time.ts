import type { Instant, Slot } from '../../src/index.ts';

/** `Mon 23 Nov, 09:00 +01:00` */
export function localTime(instant: Instant, timeZone: string): string {
  const local = instant.toZonedDateTime(timeZone);
  const text = local.toLocaleString('en-GB', {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${text} ${local.offset}`;
}

export const slotTime = (slot: Slot): string => `${localTime(slot.startsAt, slot.timeZone)} ${slot.timeZone}`;
