import { describe, expect, it } from 'vitest';
import { defaultBookingPolicy, parseBookingPolicy } from '../../../src/domain/booking/booking-policy.ts';
import { bookingIn, candidate, city, now, recruiter, slotIn, template } from './subjects.ts';

const objects = {
  city,
  recruiter,
  candidate,
  template,
  slot: slotIn('pending'),
  booking: bookingIn('canceled'),
  instant: now,
  policy: parseBookingPolicy({ holdMinutes: 1 })._unsafeUnwrap(),
  'default policy': defaultBookingPolicy,
};

describe.each(Object.entries(objects))('a %s', (_name, object) => {
  const fields = Object.keys(object);
  const writable = object as unknown as Record<string, unknown>;

  it('is frozen with everything it holds', () => {
    expect(Object.isFrozen(object)).toBe(true);
    for (const value of Object.values(object)) expect(Object.isFrozen(value)).toBe(true);
  });

  it.each(fields)('throws when somebody writes its %s', (field) => {
    const before = writable[field];
    expect(() => {
      writable[field] = 'changed';
    }).toThrow(TypeError);
    expect(() => delete writable[field]).toThrow(TypeError);
    expect(writable[field]).toBe(before);
  });

  it('throws when somebody adds to it', () => {
    expect(() => {
      writable['extra'] = true;
    }).toThrow(TypeError);
  });
});

describe('what an object holds', () => {
  it('is no longer connected to what it was made of', () => {
    const endedBy = { kind: 'admin', id: 1 } as const;
    const booking = bookingIn('canceled', { endedBy });
    expect(booking.endedBy).toEqual(endedBy);
    expect(booking.endedBy).not.toBe(endedBy);
    expect(Object.isFrozen(endedBy)).toBe(false);
  });

  it('cannot be reached through its lists', () => {
    const cityIds = recruiter.cityIds as unknown as number[];
    expect(() => cityIds.push(7)).toThrow(TypeError);
    expect(() => cityIds.fill(7)).toThrow(TypeError);
    expect(recruiter.cityIds).toEqual([1]);
  });
});

it('a change leaves the object alone and answers another', () => {
  const before = JSON.stringify([city, recruiter, candidate]);
  expect(city.rename('Bonn')._unsafeUnwrap()).not.toBe(city);
  expect(recruiter.assignCities([5, 4, 5])._unsafeUnwrap().cityIds).toEqual([4, 5]);
  expect(candidate.linkTelegram(7n)._unsafeUnwrap().telegramId).toBe('7');
  for (const object of [city, recruiter, candidate]) expect(object.archive().active).toBe(false);
  expect(JSON.stringify([city, recruiter, candidate])).toBe(before);
});
