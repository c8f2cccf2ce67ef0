import { describe, expect, it } from 'vitest';
import { localDays, stepsOf } from '../../../src/cli/report/local-days.ts';

const now = new Date('2030-03-31T22:30:00Z');

describe('the days of a report', () => {
  it('are the last 30 of the zone, today among them', () => {
    const { firstDay, lastDay } = localDays({}, now)._unsafeUnwrap();
    expect([firstDay, lastDay]).toEqual(['2030-03-02', '2030-03-31']);
    const berlin = localDays({ timeZone: 'europe/berlin' }, now)._unsafeUnwrap();
    expect([berlin.firstDay, berlin.lastDay, berlin.timeZone]).toEqual([
      '2030-03-03',
      '2030-04-01',
      'Europe/Berlin',
    ]);
  });

  it('begin and end at midnight of the zone, also when clocks change between', () => {
    const given = { from: '2030-03-31', to: '2030-03-31', timeZone: 'Europe/Berlin' };
    const { from, until } = localDays(given, now)._unsafeUnwrap();
    expect([from.toJSON(), until.toJSON()]).toEqual(['2030-03-30T23:00:00.000Z', '2030-03-31T22:00:00.000Z']);
  });

  it('do not end before they begin, and are of a zone that there is', () => {
    expect(localDays({ from: '2030-01-02', to: '2030-01-01' }, now)._unsafeUnwrapErr()).toMatchObject({
      type: 'Usage',
    });
    expect(localDays({ timeZone: 'Mars/Olympus' }, now)._unsafeUnwrapErr()).toMatchObject({
      type: 'InvalidTimeZone',
    });
  });

  it('have one place each on an axis, or one for each week that has a part of them', () => {
    // From a Sunday to a Monday.
    const days = localDays({ from: '2030-01-06', to: '2030-01-14' }, now)._unsafeUnwrap();
    expect(stepsOf(days, 'day')).toHaveLength(9);
    expect(stepsOf(days, 'week')).toEqual(['2029-12-31', '2030-01-07', '2030-01-14']);
  });
});
