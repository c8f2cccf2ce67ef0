import type { Instant } from '../shared/instant.ts';
import type { SlotId } from '../shared/id.ts';
import type { TimeZoneId } from '../shared/time-zone.ts';
import type { Slot } from './slot.ts';

/** Whose zone it is. */
export type ZoneSource = 'slot' | 'recruiter' | 'candidate' | 'city';

/** The zones of those who look at a slot, as far as they are known. */
export interface ViewerZones {
  readonly recruiter?: TimeZoneId | undefined;
  readonly candidate?: TimeZoneId | undefined;
  /** Where the slot is: the best guess for a candidate who has not said. */
  readonly city?: TimeZoneId | undefined;
}

/** Why a local time may surprise: the clocks change between today and the slot, or while it lasts. */
export interface ClockChange {
  /** What the viewer's clock is ahead of UTC today: `+01:00`. */
  readonly offsetToday: string;
  /** The slot starts with another offset than today's. */
  readonly differsFromToday: boolean;
  readonly changesDuring: boolean;
}

/** A slot on one viewer's clock. */
export interface LocalTimes {
  readonly timeZone: TimeZoneId;
  readonly source: ZoneSource;
  /** The viewer has no zone of their own, so this is a guess: ask before you rely on it. */
  readonly estimated: boolean;
  /** ISO 8601 with the offset: `2030-03-31T03:30:00+02:00`. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** Of the start: `2030-03-31`. */
  readonly date: string;
  /** `03:30`. */
  readonly startTime: string;
  readonly endTime: string;
  /** At the start, what the clock is ahead of UTC: `+02:00`. */
  readonly offset: string;
  readonly clockChange: ClockChange | undefined;
}

/** One slot on the clocks of everybody concerned. */
export interface TimeView {
  readonly slotId: SlotId;
  readonly utc: { readonly startsAt: string; readonly endsAt: string };
  readonly slot: LocalTimes;
  readonly recruiter: LocalTimes;
  readonly candidate: LocalTimes;
}

/** What the clocks show during a slot. Whoever has no zone is shown that of the city, or else of the slot, as a guess. */
export function timeView(slot: Slot, zones: ViewerZones, now: Instant): TimeView {
  const own: Zone = { timeZone: slot.timeZone, source: 'slot', estimated: false };
  const slots: Zone = { ...own, estimated: true };
  const cities: Zone = zoneOf(zones.city, 'city', true) ?? slots;
  const show = (zone: Zone): LocalTimes => localTimes(slot, zone, now);
  return Object.freeze({
    slotId: slot.id,
    utc: Object.freeze({ startsAt: slot.startsAt.toJSON(), endsAt: slot.endsAt.toJSON() }),
    slot: show(own),
    recruiter: show(zoneOf(zones.recruiter, 'recruiter') ?? slots),
    candidate: show(zoneOf(zones.candidate, 'candidate') ?? cities),
  });
}

type Zone = Pick<LocalTimes, 'timeZone' | 'source' | 'estimated'>;

const zoneOf = (timeZone: TimeZoneId | undefined, source: ZoneSource, estimated = false): Zone | undefined =>
  timeZone === undefined ? undefined : { timeZone, source, estimated };

function localTimes(slot: Slot, zone: Zone, now: Instant): LocalTimes {
  const start = slot.startsAt.toZonedDateTime(zone.timeZone);
  const end = slot.endsAt.toZonedDateTime(zone.timeZone);
  const offsetToday = now.toZonedDateTime(zone.timeZone).offset;
  const differsFromToday = start.offset !== offsetToday;
  const changesDuring = start.offset !== end.offset;
  return Object.freeze({
    ...zone,
    startsAt: start.toString({ timeZoneName: 'never' }),
    endsAt: end.toString({ timeZoneName: 'never' }),
    date: start.toPlainDate().toString(),
    startTime: start.toPlainTime().toString({ smallestUnit: 'minute' }),
    endTime: end.toPlainTime().toString({ smallestUnit: 'minute' }),
    offset: start.offset,
    clockChange:
      differsFromToday || changesDuring
        ? Object.freeze({ offsetToday, differsFromToday, changesDuring })
        : undefined,
  });
}
