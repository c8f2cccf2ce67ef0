import type { Instant } from '../shared/instant.ts';
import { localTimesOf, type DstTouch } from '../shared/local-time.ts';
import { MINUTE } from '../shared/time-range.ts';
import type { TimeZoneId } from '../shared/time-zone.ts';
import { DAY_MINUTES, type DayPart, type Series } from './series.ts';

/** One time of a series. */
export interface Occurrence {
  /** What the clock on the wall was to show: `2030-03-31T02:30`. */
  readonly local: string;
  readonly startsAt: Instant;
  /** A slot lasts as long as it says, also when clocks change meanwhile. */
  readonly endsAt: Instant;
  /** Set when clocks skip or repeat the local time, so that it was moved, or one of two was taken. */
  readonly adjusted: DstTouch | undefined;
}

/** A time of a series that has no instant. */
export interface UnresolvedOccurrence {
  readonly local: string;
  readonly reason: DstTouch;
}

export interface SeriesOccurrences {
  /** By start; of those that start together, one that was moved there comes last. */
  readonly resolved: readonly Occurrence[];
  readonly unresolved: readonly UnresolvedOccurrence[];
}

/**
 * All times of a series, date by date in local time: a day is as long as it is in that zone, and nine o'clock is nine
 * o'clock before and after clocks change. Pure; the number is bounded by {@link countOccurrences}.
 */
export function occurrencesOf(series: Series, timeZone: TimeZoneId): SeriesOccurrences {
  const starts = startsOfDay(series);
  const resolved: Occurrence[] = [];
  const unresolved: UnresolvedOccurrence[] = [];
  const instantOf = localTimesOf(timeZone, series.dst);
  for (const day of series.days) {
    const midnight = Date.parse(`${day.toString()}T00:00Z`);
    for (const minutes of starts) {
      const local = new Date(midnight + minutes * MINUTE).toISOString().slice(0, 'YYYY-MM-DDThh:mm'.length);
      const { instant, touched } = instantOf(local);
      if (instant !== undefined)
        resolved.push({
          local,
          startsAt: instant,
          endsAt: instant.plus(series.slotMinutes * MINUTE),
          adjusted: touched,
        });
      else if (touched !== undefined) unresolved.push({ local, reason: touched });
    }
  }
  return { resolved: resolved.sort(byStart), unresolved };
}

/** How many times a series has, without working them out. */
export const countOccurrences = (series: Series): number => series.days.length * startsOfDay(series).length;

const byStart = (a: Occurrence, b: Occurrence): number =>
  a.startsAt.epochMilliseconds - b.startsAt.epochMilliseconds ||
  Number(a.adjusted === 'gap') - Number(b.adjusted === 'gap');

/** Minutes from the start of a day at which its slots begin. */
function startsOfDay({ windows, breaks, slotMinutes, stepMinutes }: Series): readonly number[] {
  const parts = windows.flatMap((window) => without(window, breaks));
  return parts.flatMap(({ from, until }) => {
    const room = until - from - slotMinutes;
    return room < 0
      ? []
      : Array.from({ length: Math.floor(room / stepMinutes) + 1 }, (_, step) => from + step * stepMinutes);
  });
}

/** What the breaks leave of a window. It may reach into the next day, and so may a break of the day before. */
const without = (window: DayPart, breaks: readonly DayPart[]): readonly DayPart[] =>
  breaks
    .flatMap(({ from, until }) =>
      [-DAY_MINUTES, 0, DAY_MINUTES].map((shift) => ({ from: from + shift, until: until + shift })),
    )
    .reduce<readonly DayPart[]>((parts, cut) => parts.flatMap((part) => cutOut(part, cut)), [window]);

function cutOut(part: DayPart, cut: DayPart): readonly DayPart[] {
  if (cut.until <= part.from || cut.from >= part.until) return [part];
  return [
    { from: part.from, until: cut.from },
    { from: cut.until, until: part.until },
  ].filter(({ from, until }) => from < until);
}
