import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { Instant } from '../../../src/domain/shared/instant.ts';
import { MINUTE } from '../../../src/domain/shared/time-range.ts';
import { parseTimeZone, type TimeZoneId } from '../../../src/domain/shared/time-zone.ts';
import { timeView, type LocalTimes } from '../../../src/domain/slot/time-view.ts';
import { now, slotIn } from './subjects.ts';

const zone = (name: string): TimeZoneId => parseTimeZone(name)._unsafeUnwrap();
const at = (text: string): Instant => Instant.parse(text)._unsafeUnwrap();

const slotAt = (startsAt: Instant, minutes = 30, timeZone = zone('UTC')) =>
  slotIn('free', { startsAt, endsAt: startsAt.plus(minutes * MINUTE), timeZone });

/** The slot on the clock of a candidate in this zone. */
const shown = (timeZone: string, startsAt: string, minutes = 30, today = now): LocalTimes =>
  timeView(slotAt(at(startsAt), minutes), { candidate: zone(timeZone) }, today).candidate;

describe('whose zone it is', () => {
  const slot = slotAt(now, 30, zone('Asia/Tokyo'));
  const sources = (zones: Parameters<typeof timeView>[1]) => {
    const view = timeView(slot, zones, now);
    return [view.slot, view.recruiter, view.candidate].map(({ source, estimated }) =>
      estimated ? `${source}?` : source,
    );
  };

  it.each([
    [{}, ['slot', 'slot?', 'slot?']],
    [{ city: zone('Asia/Seoul') }, ['slot', 'slot?', 'city?']],
    [{ candidate: zone('Asia/Seoul') }, ['slot', 'slot?', 'candidate']],
    [
      { recruiter: zone('UTC'), city: zone('UTC'), candidate: zone('UTC') },
      ['slot', 'recruiter', 'candidate'],
    ],
  ])('%j', (zones, expected) => {
    expect(sources(zones)).toEqual(expected);
  });

  it('cannot be changed by whoever is shown it', () => {
    const view = timeView(slot, { candidate: zone('Europe/Berlin') }, at('2030-07-07T09:00:00Z'));
    expect(view.candidate.clockChange).toBeDefined();
    for (const part of [
      view,
      view.utc,
      view.slot,
      view.recruiter,
      view.candidate,
      view.candidate.clockChange,
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });
});

describe('the days on which clocks change', () => {
  it.each([
    // Clocks go forward: what would be between is not there.
    ['Europe/Berlin', '2030-03-31T00:45:00Z', '2030-03-31T01:45:00+01:00', '2030-03-31T03:15:00+02:00'],
    ['America/New_York', '2030-03-10T06:45:00Z', '2030-03-10T01:45:00-05:00', '2030-03-10T03:15:00-04:00'],
    ['Australia/Sydney', '2030-10-05T15:45:00Z', '2030-10-06T01:45:00+10:00', '2030-10-06T03:15:00+11:00'],
    ['America/Santiago', '2030-09-08T03:45:00Z', '2030-09-07T23:45:00-04:00', '2030-09-08T01:15:00-03:00'],
    ['Africa/Cairo', '2030-04-25T21:45:00Z', '2030-04-25T23:45:00+02:00', '2030-04-26T01:15:00+03:00'],
    ['Pacific/Chatham', '2030-09-28T13:45:00Z', '2030-09-29T02:30:00+12:45', '2030-09-29T04:00:00+13:45'],
    ['Australia/Lord_Howe', '2030-10-05T15:15:00Z', '2030-10-06T01:45:00+10:30', '2030-10-06T02:45:00+11:00'],
    // Clocks go back: the end shows an earlier time than the start, and the offset says which of the two it is.
    ['Europe/Berlin', '2030-10-27T00:45:00Z', '2030-10-27T02:45:00+02:00', '2030-10-27T02:15:00+01:00'],
    ['America/New_York', '2030-11-03T05:45:00Z', '2030-11-03T01:45:00-04:00', '2030-11-03T01:15:00-05:00'],
    ['Australia/Adelaide', '2030-04-06T16:15:00Z', '2030-04-07T02:45:00+10:30', '2030-04-07T02:15:00+09:30'],
    ['Australia/Lord_Howe', '2030-04-06T14:45:00Z', '2030-04-07T01:45:00+11:00', '2030-04-07T01:45:00+10:30'],
    ['America/St_Johns', '2030-11-03T04:15:00Z', '2030-11-03T01:45:00-02:30', '2030-11-03T01:15:00-03:30'],
  ])('%s, %s', (timeZone, startsAt, first, last) => {
    const times = shown(timeZone, startsAt);
    expect([times.startsAt, times.endsAt]).toEqual([first, last]);
    expect(times.clockChange?.changesDuring).toBe(true);
    expect([times.startTime, times.endTime]).toEqual([first.slice(11, 16), last.slice(11, 16)]);
  });

  it('are told of when the slot is on the other side of one', () => {
    const winter = at('2030-01-07T09:00:00Z');
    expect(shown('Europe/Berlin', '2030-07-01T08:00:00Z', 30, winter).clockChange).toEqual({
      offsetToday: '+01:00',
      differsFromToday: true,
      changesDuring: false,
    });
    expect(shown('Europe/Berlin', '2030-02-01T08:00:00Z', 30, winter).clockChange).toBeUndefined();
    expect(shown('Asia/Kolkata', '2030-07-01T08:00:00Z', 30, winter).clockChange).toBeUndefined();
    // Today is before the change and so is the start, but not the end.
    expect(shown('Europe/Berlin', '2030-03-31T00:45:00Z', 30, winter).clockChange).toEqual({
      offsetToday: '+01:00',
      differsFromToday: false,
      changesDuring: true,
    });
  });

  it('may come twice a year for one month, or at once for a whole day', () => {
    // Morocco leaves summer time for Ramadan; Samoa left out a day in 2011.
    expect(shown('Africa/Casablanca', '2026-03-01T12:00:00Z').offset).toBe('+00:00');
    expect(shown('Africa/Casablanca', '2026-05-01T12:00:00Z').offset).toBe('+01:00');
    const skipped = shown('Pacific/Apia', '2011-12-30T09:45:00Z');
    expect([skipped.startsAt, skipped.endsAt]).toEqual([
      '2011-12-29T23:45:00-10:00',
      '2011-12-31T00:15:00+14:00',
    ]);
  });
});

describe('what is shown', () => {
  const zones = Intl.supportedValuesOf('timeZone');

  /** Moments around which the clocks of a zone change, and any others. */
  const moments = fc
    .tuple(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) }),
      fc.integer({ min: -180, max: 180 }),
    )
    .map(([timeZone, milliseconds, minutes]) => {
      const somewhen = Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(timeZone);
      const change = somewhen.getTimeZoneTransition('next')?.epochMilliseconds ?? milliseconds;
      return { timeZone, startsAt: Instant.fromEpochMilliseconds(change + minutes * MINUTE) };
    });

  it('is the stored instant on the clock of the viewer, in every zone there is', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 10, max: 240 }), ({ timeZone, startsAt }, minutes) => {
        const slot = slotAt(startsAt, minutes);
        const { candidate, slot: own, utc } = timeView(slot, { candidate: zone(timeZone) }, now);
        // Read back, it names the same moment: offset and wall time belong together.
        expect(Date.parse(candidate.startsAt)).toBe(slot.startsAt.epochMilliseconds);
        expect(Date.parse(candidate.endsAt)).toBe(slot.endsAt.epochMilliseconds);
        expect(Date.parse(utc.startsAt)).toBe(slot.startsAt.epochMilliseconds);
        expect(own.startsAt.slice(0, 19)).toBe(utc.startsAt.slice(0, 19));
        // It is what this runtime's own calendar shows there.
        const clock = new Intl.DateTimeFormat('sv', {
          timeZone,
          dateStyle: 'short',
          timeStyle: 'short',
        });
        expect(clock.format(slot.startsAt.toDate())).toBe(`${candidate.date} ${candidate.startTime}`);
        expect(clock.format(slot.endsAt.toDate()).slice(-5)).toBe(candidate.endTime);
        expect(candidate.startsAt.endsWith(candidate.offset)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);
});
