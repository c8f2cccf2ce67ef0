import { err, ok, type Result } from 'neverthrow';
import { Instant, parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../../index.ts';
import { usage, type UsageError } from '../cli-error.ts';

/** Days of a zone, from the start of the first to the end of the last. */
export interface LocalDays {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly timeZone: TimeZoneId;
  readonly from: Instant;
  readonly until: Instant;
}

export interface GivenDays {
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
}

const DAYS = 30;
const MOST_DAYS = 365;

/** The last 30 days, today among them, where nothing else is said. */
export function localDays(
  { from, to, timeZone = 'UTC' }: GivenDays,
  now: Date,
): Result<LocalDays, InvalidTimeZone | UsageError> {
  return parseTimeZone(timeZone).andThen((zone) => {
    const today = Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTime(zone).toPlainDate().toString();
    const lastDay = to ?? today;
    const firstDay = from ?? laterDay(lastDay, 1 - DAYS);
    if (firstDay > lastDay)
      return err(
        usage(to === undefined ? '--from is after today: give --to' : '--to must not be before --from'),
      );
    if (Date.parse(lastDay) - Date.parse(firstDay) >= MOST_DAYS * DAY_MS)
      return err(usage(`from --from to --to may be ${MOST_DAYS} days`));
    const [start, end] = [startOf(firstDay, zone), startOf(laterDay(lastDay, 1), zone)];
    return ok({ firstDay, lastDay, timeZone: zone, from: start, until: end });
  });
}

/** Every day of the period, or the Monday of every week that has a part of it. */
export function stepsOf({ firstDay, lastDay }: LocalDays, step: 'day' | 'week'): readonly string[] {
  const first = step === 'day' ? firstDay : mondayOf(firstDay);
  const days = (Date.parse(lastDay) - Date.parse(first)) / DAY_MS + 1;
  const length = step === 'day' ? 1 : 7;
  return Array.from({ length: Math.ceil(days / length) }, (_, index) => laterDay(first, index * length));
}

const DAY_MS = 24 * 60 * 60 * 1000;

const laterDay = (day: string, by: number): string =>
  new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);

const mondayOf = (day: string): string => laterDay(day, -((new Date(day).getUTCDay() + 6) % 7));

const startOf = (day: string, timeZone: TimeZoneId): Instant =>
  Instant.fromEpochMilliseconds(
    Instant.fromEpochMilliseconds(Date.parse(day))
      .toZonedDateTime('UTC')
      .toPlainDate()
      .toZonedDateTime(timeZone).epochMilliseconds,
  );
