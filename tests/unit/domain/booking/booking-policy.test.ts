import { describe, expect, it } from 'vitest';
import {
  defaultBookingPolicy,
  inMilliseconds,
  mergePolicies,
  noOverrides,
  parseBookingPolicy,
  parseOverrides,
  type BookingPolicy,
} from '../../../../src/domain/booking/booking-policy.ts';

describe('a booking policy', () => {
  it('fills what is left out from the defaults', () => {
    expect(parseBookingPolicy()._unsafeUnwrap()).toEqual(defaultBookingPolicy);
    expect(parseBookingPolicy({ approval: 'auto', holdMinutes: 0.5 })._unsafeUnwrap()).toEqual({
      ...defaultBookingPolicy,
      approval: 'auto',
      holdMinutes: 0.5,
    });
  });

  it('takes what is undefined as left out', () => {
    const input = { holdMinutes: undefined, approval: undefined } as unknown as Partial<BookingPolicy>;
    expect(parseBookingPolicy(input)._unsafeUnwrap()).toEqual(defaultBookingPolicy);
  });

  const minutes = Object.keys(defaultBookingPolicy).filter((field) => field !== 'approval');

  it.each(minutes)('is refused with a %s that is no number from 0 to a century', (field) => {
    for (const value of [-1, Number.NaN, Infinity, 1e9, '5', null, {}])
      expect(parseBookingPolicy({ [field]: value })._unsafeUnwrapErr()).toMatchObject({
        type: 'Validation',
        field: `policies.booking.${field}`,
      });
  });

  it('is refused when nobody could ever approve, or hold', () => {
    expect(parseBookingPolicy({ holdMinutes: 0 }).isErr()).toBe(true);
    expect(parseBookingPolicy({ approvalMinutes: 0 }).isErr()).toBe(true);
    expect(parseBookingPolicy({ approval: 'maybe' as 'auto' })._unsafeUnwrapErr().field).toBe(
      'policies.booking.approval',
    );
  });

  it.each(['bufferBeforeMinutes', 'bufferAfterMinutes'])(
    'is refused with a %s that no slot could be published with',
    (field) => {
      for (const value of [0.5, 241])
        expect(parseBookingPolicy({ [field]: value })._unsafeUnwrapErr().field).toBe(
          `policies.booking.${field}`,
        );
      expect(parseBookingPolicy({ [field]: 240 }).isOk()).toBe(true);
    },
  );

  it.each(['holdMinuts', '__proto__', 'toString'])('is refused with the unknown rule %s', (key) => {
    const input = JSON.parse(`{ "${key}": 5 }`) as Partial<BookingPolicy>;
    expect(parseBookingPolicy(input)._unsafeUnwrapErr().field).toBe(`policies.booking.${key}`);
  });

  it.each([null, 5, 'auto', [], Symbol('auto')])('is not %s', (input) => {
    expect(parseBookingPolicy(input as never)._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field: 'policies.booking',
    });
  });

  it('counts in minutes', () => {
    expect(inMilliseconds(1.5)).toBe(90_000);
  });
});

describe('rules of a narrower circle', () => {
  const global = parseBookingPolicy({ horizonMinutes: 600, freezeMinutes: 10 })._unsafeUnwrap();

  it('replace those of a wider one, rule by rule', () => {
    const city = parseOverrides({ freezeMinutes: 20, approval: 'auto' })._unsafeUnwrap();
    const slot = parseOverrides({ freezeMinutes: 30 })._unsafeUnwrap();
    expect(mergePolicies(global, city, noOverrides, slot)).toEqual({
      ...global,
      approval: 'auto',
      freezeMinutes: 30,
    });
    expect(mergePolicies(global)).toEqual(global);
  });

  it('take a limit away with null, where there may be none', () => {
    const lifted = parseOverrides({ horizonMinutes: null })._unsafeUnwrap();
    expect(mergePolicies(global, lifted).horizonMinutes).toBeUndefined();
    expect(parseOverrides({ freezeMinutes: null } as never)._unsafeUnwrapErr()).toMatchObject({
      field: 'policy.freezeMinutes',
    });
  });

  it.each<[unknown, string]>([
    [{ holdMinuts: 1 }, 'policy.holdMinuts'],
    [{ approval: 'perhaps' }, 'policy.approval'],
    [{ sameDay: 1 }, 'policy.sameDay'],
    [{ offerMinutes: 0 }, 'policy.offerMinutes'],
    [{ rescheduleLimit: -1 }, 'policy.rescheduleLimit'],
    [null, 'policy'],
    [[], 'policy'],
  ])('are refused by name: %j', (wrong, field) => {
    expect(parseOverrides(wrong as never)._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field });
  });
});
