import { ok, Result } from 'neverthrow';
import { Temporal } from 'temporal-polyfill';
import { parseObject } from '../shared/input.ts';
import type { DstChoice } from '../shared/local-time.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { slotLimits } from './slot-limits.ts';

/** A part of a day by the clock on the wall; one that ends at or before its start ends on the following day. */
export interface LocalWindow {
  /** `09:00`. */
  readonly from: string;
  /** `17:30`, or `24:00` for the end of the day. */
  readonly until: string;
}

/** When a series of slots takes place, in local time. */
export interface SeriesTimes {
  /** First day, `2030-01-07`. */
  readonly firstDay: string;
  /** Last day, which belongs to the series; 366 days at most. */
  readonly lastDay: string;
  /** Days of the week, 1 for Monday to 7 for Sunday; every day when left out. */
  readonly weekdays?: readonly number[];
  /** Single days that are left out: holidays. */
  readonly exceptDays?: readonly string[];
  /** When slots take place on each day. Slots lie within them; buffers may reach out. */
  readonly windows: readonly LocalWindow[];
  /** Cut out of the windows; slots begin anew after each. */
  readonly breaks?: readonly LocalWindow[];
  /** How long each slot lasts, 10 to 240 minutes. */
  readonly slotMinutes: number;
  /** From start to start; when left out, slot and buffers follow one another without a pause. */
  readonly stepMinutes?: number;
  /** A local time that clocks skip: `reject` leaves the slot out, which is the default; `later` moves it. */
  readonly gap?: DstChoice['gap'];
  /** A local time that clocks show twice; `earlier` when left out. */
  readonly fold?: DstChoice['fold'];
}

/** Minutes from the start of a day, `[from, until)`; beyond 1,440 it is the day after. */
export interface DayPart {
  readonly from: number;
  readonly until: number;
}

/** Validated {@link SeriesTimes}. */
export interface Series {
  readonly days: readonly Temporal.PlainDate[];
  readonly windows: readonly DayPart[];
  readonly breaks: readonly DayPart[];
  readonly slotMinutes: number;
  readonly stepMinutes: number;
  readonly dst: DstChoice;
}

export const DAY_MINUTES = 24 * 60;
const MAX_DAYS = 366;
const MAX_PARTS = 24;

/** @param bufferMinutes of both sides of a slot together: they count into the step. */
export const parseSeries = (input: SeriesTimes, bufferMinutes: number): Result<Series, ValidationError> =>
  parseObject(input, 'series').andThen((given) =>
    Result.combine([
      parseDays(given),
      parseParts(given.windows, 'windows', 1),
      parseParts(given.breaks ?? [], 'breaks', 0),
      parseMinutes(given.slotMinutes, 'slotMinutes', slotLimits.minMinutes, slotLimits.maxMinutes),
      parseStep(given, bufferMinutes),
      oneOf(given.gap ?? 'reject', 'gap', ['reject', 'later']),
      oneOf(given.fold ?? 'earlier', 'fold', ['earlier', 'later', 'reject']),
    ]).map(([days, windows, breaks, slotMinutes, stepMinutes, gap, fold]) => ({
      days,
      windows,
      breaks,
      slotMinutes,
      stepMinutes,
      dst: { gap, fold },
    })),
  );

function parseDays(given: SeriesTimes): Result<readonly Temporal.PlainDate[], ValidationError> {
  return Result.combine([
    parseDay(given.firstDay, 'firstDay'),
    parseDay(given.lastDay, 'lastDay'),
    parseList(given.exceptDays ?? [], 'exceptDays', parseDay),
    parseList(given.weekdays ?? [1, 2, 3, 4, 5, 6, 7], 'weekdays', (day, field) =>
      parseMinutes(day, field, 1, 7),
    ),
  ]).andThen(([first, last, except, weekdays]) => {
    const length = first.until(last).days + 1;
    if (length < 1) return invalid('lastDay', 'must not be before firstDay');
    if (length > MAX_DAYS) return invalid('lastDay', `must be at most ${MAX_DAYS} days after firstDay`);
    const days = Array.from({ length }, (_, day) => first.add({ days: day }));
    return ok(
      days.filter(
        (day) => weekdays.includes(day.dayOfWeek) && !except.some((excluded) => excluded.equals(day)),
      ),
    );
  });
}

function parseDay(day: string, field: string): Result<Temporal.PlainDate, ValidationError> {
  const wrong = invalid(field, 'must be a day like 2030-01-07');
  if (typeof day !== 'string' || !/^(?!0000|9999)\d{4}-\d{2}-\d{2}$/.test(day)) return wrong;
  try {
    return ok(Temporal.PlainDate.from(day, { overflow: 'reject' }));
  } catch {
    return wrong;
  }
}

const parseParts = (
  parts: readonly LocalWindow[],
  field: string,
  least: number,
): Result<readonly DayPart[], ValidationError> =>
  Array.isArray(parts) && (parts.length < least || parts.length > MAX_PARTS)
    ? invalid(field, `must have ${least} to ${MAX_PARTS} items`)
    : parseList(parts, field, (part, place) =>
        parseObject(part, place).andThen(({ from, until }) =>
          Result.combine([parseClock(from, `${place}.from`), parseClock(until, `${place}.until`)]).andThen(
            ([start, end]) => {
              if (start === DAY_MINUTES) return invalid(`${place}.from`, 'must be before 24:00');
              if (start === end) return invalid(`${place}.until`, 'must differ from the start');
              return ok({ from: start, until: end > start ? end : end + DAY_MINUTES });
            },
          ),
        ),
      );

function parseClock(time: string, field: string): Result<number, ValidationError> {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(typeof time === 'string' ? time : '') ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return total <= DAY_MINUTES ? ok(total) : invalid(field, 'must be a time like 09:30, at most 24:00');
}

function parseStep(given: SeriesTimes, bufferMinutes: number): Result<number, ValidationError> {
  const least = given.slotMinutes + bufferMinutes;
  if (given.stepMinutes === undefined) return ok(least);
  return parseMinutes(given.stepMinutes, 'stepMinutes', least, DAY_MINUTES);
}

const parseMinutes = (value: number, field: string, min: number, max: number) =>
  Number.isInteger(value) && value >= min && value <= max
    ? ok(value)
    : invalid(field, `must be an integer from ${min} to ${max}`);

const parseList = <In, Out>(
  items: readonly In[],
  field: string,
  parse: (item: In, field: string) => Result<Out, ValidationError>,
): Result<readonly Out[], ValidationError> =>
  Array.isArray(items)
    ? Result.combine(Array.from(items as readonly In[], (item, index) => parse(item, `${field}[${index}]`)))
    : invalid(field, 'must be a list');

const oneOf = <const T extends string>(
  value: T,
  field: string,
  allowed: readonly T[],
): Result<T, ValidationError> =>
  allowed.includes(value) ? ok(value) : invalid(field, `must be one of ${allowed.join(', ')}`);
