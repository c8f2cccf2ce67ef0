import { describe, expect, it } from 'vitest';
import { draftCandidate, type NewCandidate } from '../../../src/domain/candidate/candidate.ts';
import { draftCity, type NewCity } from '../../../src/domain/city/city.ts';
import { draftRecruiter, type NewRecruiter } from '../../../src/domain/recruiter/recruiter.ts';
import { refusedIds } from '../../../src/testing/contract/hostile-texts.ts';
import { candidate, city, recruiter } from './subjects.ts';

describe.each([
  ['city', (input: object) => draftCity({ name: 'Berlin', timeZone: 'UTC', ...input }), draftCity],
  [
    'recruiter',
    (input: object) => draftRecruiter({ name: 'Ann', timeZone: 'UTC', ...input }),
    draftRecruiter,
  ],
  ['candidate', (input: object) => draftCandidate({ fullName: 'Ben', ...input }), draftCandidate],
])('a new %s', (entity, withInput, draft) => {
  it.each([true, false])('is active when it says so: %s', (active) => {
    expect(withInput({ active })._unsafeUnwrap().active).toBe(active);
    expect(withInput({ active: undefined })._unsafeUnwrap().active).toBe(true);
  });

  it.each(['no', 'maybe', 1, 0, null, {}, Symbol('no')])('is not active or archived by %j', (active) => {
    expect(withInput({ active })._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field: 'active' });
  });

  it.each([null, undefined, 5, 'Berlin', Symbol('x'), [], () => undefined])('is not %s', (input) => {
    expect(draft(input as never)._unsafeUnwrapErr()).toEqual({
      type: 'Validation',
      field: entity,
      message: 'must be an object',
    });
  });
});

describe('a city', () => {
  const draft = (input: Partial<NewCity>) =>
    draftCity({ name: 'Berlin', timeZone: 'Europe/Berlin', ...input });

  it('is active unless it is told otherwise', () => {
    expect(draft({})._unsafeUnwrap()).toEqual({
      name: 'Berlin',
      timeZone: 'Europe/Berlin',
      active: true,
      policy: {},
    });
    expect(draft({ active: false })._unsafeUnwrap().active).toBe(false);
  });

  it('is refused with a name or zone that is none', () => {
    expect(draft({ name: ' ' })._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field: 'name' });
    expect(draft({ timeZone: '+01:00' })._unsafeUnwrapErr().type).toBe('InvalidTimeZone');
  });

  it('changes one thing at a time', () => {
    expect(city.rename('Bonn')._unsafeUnwrap()).toEqual({ ...city, name: 'Bonn' });
    expect(city.rename('')._unsafeUnwrapErr().field).toBe('name');
    expect(city.changeTimeZone('europe/kiev')._unsafeUnwrap()).toEqual({ ...city, timeZone: 'Europe/Kyiv' });
    expect(city.changeTimeZone('Nowhere').isErr()).toBe(true);
    expect(city.archive().restore()).toEqual(city);
  });
});

describe('a recruiter', () => {
  const draft = (input: Partial<NewRecruiter>) => draftRecruiter({ name: 'Ann', timeZone: 'UTC', ...input });

  it('works nowhere until cities are given, each of which counts once', () => {
    expect(draft({})._unsafeUnwrap()).toEqual({
      name: 'Ann',
      timeZone: 'UTC',
      cityIds: [],
      telegramChatId: undefined,
      active: true,
      policy: {},
    });
    expect(draft({ cityIds: [10, 9, 10, 2] })._unsafeUnwrap().cityIds).toEqual([2, 9, 10]);
  });

  it.each(refusedIds)('does not work in city %s', (id) => {
    expect(draft({ cityIds: [1, id] })._unsafeUnwrapErr()).toMatchObject({ field: 'cityIds[1]' });
    expect(recruiter.assignCities([id])._unsafeUnwrapErr().field).toBe('cityIds[0]');
  });

  it.each([null, 1, '12', { 0: 1, length: 1 }])('does not work in the cities %j', (cityIds) => {
    expect(draft({ cityIds: cityIds as never })._unsafeUnwrapErr()).toMatchObject({ field: 'cityIds' });
    expect(recruiter.assignCities(cityIds as never)._unsafeUnwrapErr().field).toBe('cityIds');
  });

  it('may have a group as its chat', () => {
    expect(draft({ telegramChatId: -1_001_234_567_890n })._unsafeUnwrap().telegramChatId).toBe(
      '-1001234567890',
    );
    expect(draft({ telegramChatId: 'group' })._unsafeUnwrapErr()).toMatchObject({ field: 'telegramChatId' });
  });

  it('changes one thing at a time', () => {
    expect(recruiter.rename('Anna')._unsafeUnwrap()).toEqual({ ...recruiter, name: 'Anna' });
    expect(recruiter.changeTimeZone('UTC')._unsafeUnwrap()).toEqual({ ...recruiter, timeZone: 'UTC' });
    expect(recruiter.archive().restore()).toEqual(recruiter);
    expect(recruiter.worksIn(city.id)).toBe(true);
    expect(recruiter.assignCities([])._unsafeUnwrap().worksIn(city.id)).toBe(false);
  });
});

describe('a candidate', () => {
  const draft = (input: Partial<NewCandidate>) => draftCandidate({ fullName: 'Ben', ...input });

  it('needs nothing but a name', () => {
    expect(draft({})._unsafeUnwrap()).toEqual({
      fullName: 'Ben',
      telegramId: undefined,
      username: undefined,
      phone: undefined,
      timeZone: undefined,
      active: true,
    });
  });

  it.each([
    ['fullName', { fullName: '' }],
    ['telegramId', { telegramId: -5 }],
    ['username', { username: 'x'.repeat(65) }],
    ['phone', { phone: '' }],
    ['timeZone', { timeZone: '' }],
  ])('is refused with a %s that is none', (field, input) => {
    expect(draft(input)._unsafeUnwrapErr().field).toBe(field);
  });

  it('changes one thing at a time', () => {
    expect(candidate.rename('Bea')._unsafeUnwrap()).toEqual({ ...candidate, fullName: 'Bea' });
    expect(candidate.linkTelegram('9')._unsafeUnwrap()).toEqual({ ...candidate, telegramId: '9' });
    expect(candidate.linkTelegram(0).isErr()).toBe(true);
    expect(candidate.changeTimeZone('UTC')._unsafeUnwrap()).toEqual({ ...candidate, timeZone: 'UTC' });
    expect(candidate.archive().restore()).toEqual(candidate);
  });
});
