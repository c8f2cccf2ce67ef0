import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { parseTimeZone } from '../../../src/domain/shared/time-zone.ts';
import { planSeries, type SeriesPlan } from '../../../src/domain/slot/plan-series.ts';
import { countOccurrences, occurrencesOf } from '../../../src/domain/slot/series-occurrences.ts';
import { parseSeries, type SeriesTimes } from '../../../src/domain/slot/series.ts';
import type { NewSlot } from '../../../src/domain/slot/slot.ts';

const template: Omit<NewSlot, 'startsAt' | 'endsAt'> = {
  recruiterId: 1,
  cityId: 2,
  timeZone: 'UTC',
};

const day = (firstDay: string, change: Partial<SeriesTimes> = {}): SeriesTimes => ({
  firstDay,
  lastDay: firstDay,
  windows: [{ from: '00:00', until: '24:00' }],
  slotMinutes: 30,
  ...change,
});

const zoneOf = (name: string) => parseTimeZone(name)._unsafeUnwrap();
const parse = (times: SeriesTimes, buffers = 0) => parseSeries(times, buffers)._unsafeUnwrap();
const plan = (times: SeriesTimes, zone: string, change: Partial<NewSlot> = {}): SeriesPlan => {
  const buffers = (change.bufferBeforeMinutes ?? 0) + (change.bufferAfterMinutes ?? 0);
  return planSeries(parse(times, buffers), { ...template, ...change }, zoneOf(zone))._unsafeUnwrap();
};
const localsOf = ({ planned }: SeriesPlan): readonly string[] =>
  planned.map(({ occurrence }) => occurrence.local);
const clocksOf = (times: SeriesTimes): readonly string[] =>
  localsOf(plan(times, 'UTC')).map((local) => local.slice(11));

/** Days on which clocks are put forward and back, with the times they skip and show twice: `from` up to `until`. */
const changes = [
  ['Europe/Berlin', '2030-03-31', '02:00', '03:00', '2030-10-27', '02:00', '03:00'],
  ['Europe/London', '2030-03-31', '01:00', '02:00', '2030-10-27', '01:00', '02:00'],
  ['America/New_York', '2030-03-10', '02:00', '03:00', '2030-11-03', '01:00', '02:00'],
  ['America/St_Johns', '2030-03-10', '02:00', '03:00', '2030-11-03', '01:00', '02:00'],
  ['America/Havana', '2030-03-10', '00:00', '01:00', '2030-11-03', '00:00', '01:00'],
  ['America/Santiago', '2030-09-08', '00:00', '01:00', '2030-04-06', '23:00', '24:00'],
  ['America/Asuncion', '2020-10-04', '00:00', '01:00', '2020-03-21', '23:00', '24:00'],
  ['Asia/Beirut', '2030-03-31', '00:00', '01:00', '2030-10-26', '23:00', '24:00'],
  ['Australia/Sydney', '2030-10-06', '02:00', '03:00', '2030-04-07', '02:00', '03:00'],
  ['Australia/Adelaide', '2030-10-06', '02:00', '03:00', '2030-04-07', '02:00', '03:00'],
  ['Australia/Lord_Howe', '2030-10-06', '02:00', '02:30', '2030-04-07', '01:30', '02:00'],
  ['Pacific/Auckland', '2030-09-29', '02:00', '03:00', '2030-04-07', '02:00', '03:00'],
  ['Pacific/Chatham', '2030-09-29', '02:45', '03:45', '2030-04-07', '02:45', '03:45'],
  ['Antarctica/Troll', '2030-03-31', '01:00', '03:00', '2030-10-27', '01:00', '03:00'],
] as const;

/** Every ten minutes of these hours. */
const between = (date: string, from: string, until: string): readonly string[] => {
  const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const length = (minutes(until) - minutes(from)) / 15;
  const start = Temporal.PlainDateTime.from(`${date}T${from}`);
  return Array.from({ length }, (_, step) =>
    start.add({ minutes: step * 15 }).toString({ smallestUnit: 'minute' }),
  );
};

const quarterly = { slotMinutes: 10, stepMinutes: 15 } as const;
const MINUTE = 60_000;

describe('a series on the days on which clocks change', () => {
  it.each(changes)('leaves out the times that clocks skip: %s on %s', (zone, gapDay, from, until) => {
    const { unresolved, planned, colliding } = plan(day(gapDay, quarterly), zone);
    const skipped = between(gapDay, from, until);
    expect(unresolved).toEqual(skipped.map((local) => ({ local, reason: 'gap' })));
    expect(colliding).toEqual([]);
    expect(planned.length).toBe(96 - skipped.length);
    expect(planned.filter(({ occurrence }) => occurrence.adjusted !== undefined)).toEqual([]);
  });

  it.each(changes)('moves them on by the jump when that is asked for: %s', (zone, gapDay, from, until) => {
    const { resolved, unresolved } = occurrencesOf(
      parse(day(gapDay, { ...quarterly, gap: 'later' })),
      zoneOf(zone),
    );
    const skipped = between(gapDay, from, until);
    const adjusted = resolved.filter((one) => one.adjusted === 'gap');
    expect(unresolved).toEqual([]);
    expect(adjusted.map(({ local }) => local)).toEqual(skipped);
    const jump = skipped.length * 15;
    for (const { local, startsAt } of adjusted)
      expect(startsAt.toZonedDateTime(zoneOf(zone)).toPlainDateTime().toString()).toBe(
        Temporal.PlainDateTime.from(local).add({ minutes: jump }).toString(),
      );
  });

  it.each(changes)('gives way to those who have that time anyway: %s', (zone, gapDay, from, until) => {
    const skipped = between(gapDay, from, until);
    const later = plan(day(gapDay, { ...quarterly, gap: 'later' }), zone);
    expect(later.colliding.map(({ occurrence }) => occurrence.local)).toEqual(skipped);
    expect(localsOf(later)).toEqual(localsOf(plan(day(gapDay, quarterly), zone)));
  });

  it.each(changes)('takes the earlier of two times, or the later one: %s', (...change) => {
    const [zone, , , , foldDay, from, until] = change;
    const repeated = between(foldDay, from, until);
    const [earlier, later] = (['earlier', 'later'] as const).map(
      (fold) => plan(day(foldDay, { ...quarterly, fold }), zone).planned,
    );
    for (const chosen of [earlier, later]) {
      expect(chosen?.length).toBe(96);
      const touched = chosen?.filter(({ occurrence }) => occurrence.adjusted === 'fold');
      expect(touched?.map(({ occurrence }) => occurrence.local)).toEqual(repeated);
      for (const { occurrence } of touched ?? [])
        expect(
          occurrence.startsAt
            .toZonedDateTime(zoneOf(zone))
            .toPlainDateTime()
            .toString({ smallestUnit: 'minute' }),
        ).toBe(occurrence.local);
    }
    const shift = repeated.length * 15 * MINUTE;
    const startOf = (slots: typeof earlier, local: string): number =>
      slots?.find(({ occurrence }) => occurrence.local === local)?.draft.startsAt.epochMilliseconds ?? 0;
    for (const local of repeated) expect(startOf(later, local) - startOf(earlier, local)).toBe(shift);
  });

  it.each(changes)('leaves out both when that is asked for: %s', (...change) => {
    const [zone, , , , foldDay, from, until] = change;
    const { planned, unresolved } = plan(day(foldDay, { ...quarterly, fold: 'reject' }), zone);
    expect(unresolved).toEqual(between(foldDay, from, until).map((local) => ({ local, reason: 'fold' })));
    expect(planned.length).toBe(96 - unresolved.length);
  });

  it('makes slots as long as they say, also over the change', () => {
    const { planned, colliding } = plan(
      day('2030-03-31', { windows: [{ from: '01:00', until: '05:00' }], slotMinutes: 45 }),
      'Europe/Berlin',
    );
    // 01:45 is over at 03:30, when 03:15 has begun.
    expect(localsOf({ planned, colliding, unresolved: [] }).map((local) => local.slice(11))).toEqual([
      '01:00',
      '01:45',
      '04:00',
    ]);
    expect(colliding.map(({ occurrence }) => occurrence.local)).toEqual(['2030-03-31T03:15']);
    for (const { draft } of planned)
      expect(draft.endsAt.epochMilliseconds - draft.startsAt.epochMilliseconds).toBe(45 * MINUTE);
  });

  it('does not want slots that may overlap twice at one time', () => {
    const times = day('2030-03-31', {
      windows: [{ from: '02:00', until: '04:00' }],
      gap: 'later',
      slotMinutes: 60,
    });
    const { planned, colliding } = plan(times, 'Europe/Berlin', { purpose: 'intro_day' });
    expect(planned.length).toBe(1);
    expect(colliding.length).toBe(1);
  });

  it('is empty on a day that a zone never had', () => {
    expect(plan(day('2011-12-30'), 'Pacific/Apia').planned).toEqual([]);
    expect(plan(day('2011-12-30'), 'Pacific/Apia').unresolved.length).toBe(48);
    expect(plan(day('2011-12-31'), 'Pacific/Apia').planned.length).toBe(48);
  });

  it('follows rules that have changed, at the time they changed', () => {
    const hours = (date: string): number => {
      const { planned } = plan(
        day(date, { windows: [{ from: '09:00', until: '10:00' }] }),
        'Europe/Istanbul',
      );
      return new Date(planned[0]?.draft.startsAt.epochMilliseconds ?? 0).getUTCHours();
    };
    // Turkey stayed on summer time in the winter of 2016.
    expect([hours('2015-12-15'), hours('2016-07-15'), hours('2016-12-15')]).toEqual([7, 6, 6]);
    const moscow = plan(day('2014-10-26', quarterly), 'Europe/Moscow');
    expect(moscow.planned.filter(({ occurrence }) => occurrence.adjusted === 'fold').length).toBe(4);
    expect(plan(day('2015-10-25', quarterly), 'Europe/Moscow').planned.length).toBe(96);
  });

  it.each([
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['US/Eastern', 'America/New_York'],
    ['asia/katmandu', 'Asia/Kathmandu'],
    ['Australia/LHI', 'Australia/Lord_Howe'],
  ])('is the same by an alias: %s and %s', (alias, name) => {
    expect(plan(day('2030-10-27', quarterly), alias)).toEqual(plan(day('2030-10-27', quarterly), name));
  });
});

describe('a series over several days', () => {
  it('keeps nine o’clock, which is not 24 hours after nine o’clock', () => {
    const times = {
      ...day('2030-03-09', { windows: [{ from: '09:00', until: '09:30' }] }),
      lastDay: '2030-03-11',
    };
    const starts = plan(times, 'America/New_York').planned.map(
      ({ draft }) => draft.startsAt.epochMilliseconds,
    );
    const [first = 0, second = 0, third = 0] = starts;
    expect((second - first) / MINUTE).toBe(23 * 60);
    expect((third - second) / MINUTE).toBe(24 * 60);
  });

  it('goes over the ends of months and years, and over the 29th of February', () => {
    const lone = { windows: [{ from: '09:00', until: '09:30' }] };
    expect(localsOf(plan({ ...day('2030-12-30', lone), lastDay: '2031-01-02' }, 'Asia/Kathmandu'))).toEqual([
      '2030-12-30T09:00',
      '2030-12-31T09:00',
      '2031-01-01T09:00',
      '2031-01-02T09:00',
    ]);
    expect(localsOf(plan({ ...day('2028-02-28', lone), lastDay: '2028-03-01' }, 'UTC')).length).toBe(3);
    expect(localsOf(plan({ ...day('2030-02-28', lone), lastDay: '2030-03-01' }, 'UTC')).length).toBe(2);
  });

  it('has the days of the week that are asked for, but for the exceptions', () => {
    const times = {
      ...day('2030-01-07', { windows: [{ from: '09:00', until: '09:30' }], weekdays: [1, 3, 7] }),
      lastDay: '2030-01-20',
      exceptDays: ['2030-01-09', '2030-06-01'],
    };
    expect(localsOf(plan(times, 'UTC')).map((local) => local.slice(0, 10))).toEqual([
      '2030-01-07',
      '2030-01-13',
      '2030-01-14',
      '2030-01-16',
      '2030-01-20',
    ]);
  });
});

describe('a day of a series', () => {
  const window = (from: string, until: string) => ({ windows: [{ from, until }] });

  it('fills its windows with slots, one after the other, and leaves the rest', () => {
    expect(clocksOf(day('2030-01-07', window('09:00', '10:40')))).toEqual(['09:00', '09:30', '10:00']);
    expect(clocksOf(day('2030-01-07', window('09:00', '09:29')))).toEqual([]);
    const two = {
      windows: [
        { from: '14:00', until: '15:00' },
        { from: '09:00', until: '09:30' },
      ],
    };
    expect(clocksOf(day('2030-01-07', two))).toEqual(['09:00', '14:00', '14:30']);
  });

  it('begins anew after each break', () => {
    const times = {
      ...window('09:00', '13:00'),
      breaks: [{ from: '10:40', until: '11:10' }],
      slotMinutes: 45,
    };
    expect(clocksOf(day('2030-01-07', times))).toEqual(['09:00', '09:45', '11:10', '11:55']);
    const all = { ...window('09:00', '13:00'), breaks: [{ from: '08:00', until: '14:00' }] };
    expect(clocksOf(day('2030-01-07', all))).toEqual([]);
  });

  it('reaches over midnight, and so do its breaks', () => {
    const night = {
      ...window('22:00', '02:00'),
      slotMinutes: 60,
      breaks: [{ from: '23:30', until: '00:30' }],
    };
    expect(localsOf(plan(day('2030-01-31', night), 'UTC'))).toEqual(['2030-01-31T22:00', '2030-02-01T00:30']);
    const early = { ...night, breaks: [{ from: '00:00', until: '01:00' }] };
    expect(localsOf(plan(day('2030-01-31', early), 'UTC'))).toEqual([
      '2030-01-31T22:00',
      '2030-01-31T23:00',
      '2030-02-01T01:00',
    ]);
  });

  it('ends at midnight', () => {
    expect(clocksOf(day('2030-01-07', window('23:00', '24:00')))).toEqual(['23:00', '23:30']);
  });

  it('counts buffers into the step', () => {
    const times = day('2030-01-07', window('09:00', '11:00'));
    const { planned } = plan(times, 'UTC', { bufferBeforeMinutes: 5, bufferAfterMinutes: 10 });
    expect(planned.map(({ occurrence }) => occurrence.local.slice(11))).toEqual(['09:00', '09:45', '10:30']);
    expect(parseSeries({ ...times, stepMinutes: 44 }, 15).isErr()).toBe(true);
    expect(parseSeries({ ...times, stepMinutes: 45 }, 15).isOk()).toBe(true);
  });

  it('keeps the first of slots whose windows overlap', () => {
    const both = {
      windows: [
        { from: '09:00', until: '10:00' },
        { from: '09:15', until: '10:15' },
      ],
    };
    const { planned, colliding } = plan(day('2030-01-07', both), 'UTC');
    expect(planned.map(({ occurrence }) => occurrence.local.slice(11))).toEqual(['09:00', '09:30']);
    expect(colliding.map(({ occurrence }) => occurrence.local.slice(11))).toEqual(['09:15', '09:45']);
  });
});

const zones = fc.constantFrom(...changes.map(([zone]) => zone), 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC');
const clock = fc.integer({ min: 0, max: 1_439 }).map((minutes) => {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
});
const part = fc.record({ from: clock, until: clock }).filter(({ from, until }) => from !== until);
const series = fc
  .record({
    start: fc.integer({ min: 0, max: 3_650 }),
    length: fc.integer({ min: 0, max: 9 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    windows: fc.array(part, { minLength: 1, maxLength: 3 }),
    breaks: fc.array(part, { maxLength: 2 }),
    slotMinutes: fc.integer({ min: 10, max: 240 }),
    gap: fc.constantFrom('reject' as const, 'later' as const),
    fold: fc.constantFrom('earlier' as const, 'later' as const, 'reject' as const),
  })
  .map(({ start, length, ...rest }): SeriesTimes => {
    const firstDay = Temporal.PlainDate.from('2024-01-01').add({ days: start });
    return { ...rest, firstDay: firstDay.toString(), lastDay: firstDay.add({ days: length }).toString() };
  });

describe('any series', () => {
  it('accounts for every time, in the right place, and never collides with itself', () => {
    fc.assert(
      fc.property(series, zones, (times, zone) => {
        const parsed = parse(times);
        const { planned, colliding, unresolved } = plan(times, zone);
        expect(planned.length + colliding.length + unresolved.length).toBe(countOccurrences(parsed));
        let free = Number.NEGATIVE_INFINITY;
        for (const { occurrence, draft } of planned) {
          expect(draft.startsAt.epochMilliseconds).toBeGreaterThanOrEqual(free);
          free = draft.endsAt.epochMilliseconds;
          expect(free - draft.startsAt.epochMilliseconds).toBe(times.slotMinutes * MINUTE);
          const shown = draft.startsAt.toZonedDateTime(zoneOf(zone)).toPlainDateTime();
          // What the clock shows is what was asked for, unless it jumps over it.
          const asked = shown.toString({ smallestUnit: 'minute' }) === occurrence.local;
          expect(asked).toBe(occurrence.adjusted !== 'gap');
        }
        for (const { reason } of unresolved) expect(times[reason]).toBe('reject');
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('what is no series', () => {
  const valid = day('2030-01-07');
  it.each([
    ['firstDay', { firstDay: '2030-02-30' }],
    ['firstDay', { firstDay: '07.01.2030' }],
    ['firstDay', { firstDay: 20_300_107 as unknown as string }],
    ['lastDay', { lastDay: '2030-01-06' }],
    ['lastDay', { lastDay: '2031-01-08' }],
    ['exceptDays[0]', { exceptDays: ['today'] }],
    ['weekdays[1]', { weekdays: [1, 0] }],
    ['weekdays[0]', { weekdays: [8] }],
    ['weekdays', { weekdays: 1 as unknown as number[] }],
    ['windows', { windows: [] }],
    ['windows', { windows: undefined as unknown as [] }],
    ['windows[0]', { windows: [null as unknown as { from: string; until: string }] }],
    ['windows[0].from', { windows: [{ from: '9:00', until: '10:00' }] }],
    ['windows[0].from', { windows: [{ from: '24:00', until: '10:00' }] }],
    ['windows[0].until', { windows: [{ from: '09:00', until: '24:01' }] }],
    ['windows[0].until', { windows: [{ from: '09:00', until: '09:00' }] }],
    ['breaks[0].until', { breaks: [{ from: '09:00', until: '25:00' }] }],
    ['slotMinutes', { slotMinutes: 9 }],
    ['slotMinutes', { slotMinutes: 241 }],
    ['slotMinutes', { slotMinutes: 30.5 }],
    ['stepMinutes', { stepMinutes: 29 }],
    ['stepMinutes', { stepMinutes: 1_441 }],
    ['gap', { gap: 'earlier' as 'later' }],
    ['fold', { fold: 'both' as 'later' }],
  ] as const)('is refused by the name of what is wrong: %s', (field, change) => {
    expect(parseSeries({ ...valid, ...change }, 0)._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field,
    });
  });
});
