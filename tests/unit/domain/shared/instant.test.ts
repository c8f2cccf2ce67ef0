import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instant, type InstantInput } from '../../../../src/domain/shared/instant.ts';

const at = Date.parse('2030-01-07T09:00:00.123Z');

const parse = (input: unknown): Instant => Instant.parse(input as InstantInput)._unsafeUnwrap();

describe('an instant', () => {
  it.each([
    ['a Date', new Date(at)],
    ['UTC', '2030-01-07T09:00:00.123Z'],
    ['an offset', '2030-01-07T14:30:00.123+05:30'],
    ['an offset and a zone', '2030-01-07T10:00:00.123+01:00[Europe/Berlin]'],
    ['anything with epochMilliseconds', { epochMilliseconds: at }],
    ['another instant', Instant.fromEpochMilliseconds(at)],
  ])('is read from %s', (_form, input) => {
    expect(parse(input).epochMilliseconds).toBe(at);
  });

  it.each([
    '2030-01-07T09:00:00',
    '2030-01-07',
    '09:00Z',
    '2030-02-30T09:00:00Z',
    '2029-02-29T09:00:00Z',
    '2030-13-01T09:00:00Z',
    '2030-01-07T24:01:00Z',
    '2030-01-07T09:00:00+25:00',
    'tomorrow',
    '',
    new Date(Number.NaN),
    { epochMilliseconds: Number.NaN },
    { epochMilliseconds: Infinity },
    { epochMilliseconds: '5' },
    {},
    null,
    undefined,
    at,
  ])('is not %j', (input) => {
    expect(Instant.parse(input as unknown as InstantInput, 'startsAt')._unsafeUnwrapErr()).toEqual({
      type: 'Validation',
      field: 'startsAt',
      message: 'must be a Date, an ISO 8601 string with an offset, or an instant',
    });
  });

  it.each([
    [
      {
        get epochMilliseconds(): number {
          throw new Error('no');
        },
      },
    ],
    [Object.create(Date.prototype) as unknown],
    [Symbol('now')],
    [Object.create(null) as unknown],
  ])('is not what cannot be read: case %#', (input) => {
    expect(Instant.parse(input as InstantInput)._unsafeUnwrapErr().field).toBe('instant');
  });

  it('lies in the years 1 to 9999', () => {
    for (const edge of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])
      expect(Instant.parse(edge).isOk()).toBe(true);
    for (const outside of ['0000-12-31T23:59:59.999Z', '+010000-01-01T00:00:00Z'])
      expect(Instant.parse(outside)._unsafeUnwrapErr().message).toBe('must lie in the years 1 to 9999');
  });

  it('has whole milliseconds, also after a calculation', () => {
    expect(parse({ epochMilliseconds: 1.9 }).epochMilliseconds).toBe(1);
    expect(Instant.fromEpochMilliseconds(-0.5).epochMilliseconds).toBe(-1);
    expect(Instant.fromEpochMilliseconds(1).plus(0.9).epochMilliseconds).toBe(1);
  });

  it('survives JSON and Date unchanged', () => {
    const range = { min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') };
    fc.assert(
      fc.property(fc.integer(range), (epochMilliseconds) => {
        const instant = Instant.fromEpochMilliseconds(epochMilliseconds);
        expect(parse(instant.toJSON()).equals(instant)).toBe(true);
        expect(parse(instant.toDate()).equals(instant)).toBe(true);
        expect(parse(String(instant)).equals(instant)).toBe(true);
      }),
    );
  });

  it('orders instants', () => {
    const earlier = parse({ epochMilliseconds: at });
    const later = earlier.plus(1);
    expect([earlier.isBefore(later), later.isBefore(earlier), earlier.isBefore(earlier)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([later.isAfter(earlier), earlier.isAfter(later), later.isAfter(later)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([earlier.equals(parse(earlier)), earlier.equals(later)]).toEqual([true, false]);
  });

  it('shows itself in any zone', () => {
    expect(parse('2030-07-01T12:00:00Z').toZonedDateTime('Europe/Berlin').toString()).toBe(
      '2030-07-01T14:00:00+02:00[Europe/Berlin]',
    );
  });

  it('gives away a Date that is only a copy', () => {
    const instant = parse({ epochMilliseconds: at });
    instant.toDate().setTime(0);
    expect(instant.epochMilliseconds).toBe(at);
  });
});
