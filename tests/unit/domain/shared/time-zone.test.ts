import { describe, expect, it } from 'vitest';
import { parseTimeZone } from '../../../../src/domain/shared/time-zone.ts';

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['EUROPE/BERLIN', 'Europe/Berlin'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Godthab', 'America/Nuuk'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['GMT', 'UTC'],
  ])('%s is stored as %s', (input, stored) => {
    expect(parseTimeZone(input)._unsafeUnwrap()).toBe(stored);
    // The second time it comes out of memory.
    expect(parseTimeZone(input)._unsafeUnwrap()).toBe(stored);
  });

  it('is one that this runtime can format and calculate with', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const stored = parseTimeZone(zone)._unsafeUnwrap();
      expect(parseTimeZone(stored)._unsafeUnwrap()).toBe(stored);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: stored })).not.toThrow();
    }
  });

  it.each([
    '+03:00',
    '-0500',
    '+03',
    '',
    ' Europe/Berlin',
    'Europe/Berlin ',
    'Mars/Olympus',
    'UTC+3',
    'Europe',
  ])('is not %j', (value) => {
    expect(parseTimeZone(value, 'zone')._unsafeUnwrapErr()).toEqual({
      type: 'InvalidTimeZone',
      field: 'zone',
      value,
    });
  });

  it('is refused in full, but told in short', () => {
    const { value } = parseTimeZone(`Europe/${'x'.repeat(10_000)}`)._unsafeUnwrapErr();
    expect(value).toHaveLength(64);
  });

  it.each([[Object.create(null) as unknown], [['UTC']], [Symbol('UTC')]])(
    'is text and nothing else: case %#',
    (input) => {
      expect(parseTimeZone(input as string)._unsafeUnwrapErr().type).toBe('InvalidTimeZone');
    },
  );

  it.each([undefined, null, 3, {}])('is never taken from the machine when it is missing: %s', (input) => {
    expect(parseTimeZone(input as string).isErr()).toBe(true);
  });
});
