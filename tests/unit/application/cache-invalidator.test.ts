import { okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import {
  anchorsOfCandidate,
  anchorsOfCity,
  anchorsOfRecruiter,
  anchorsOfSlot,
  anchorsOfTemplate,
  families,
} from '../../../src/application/caching/anchors.ts';
import { CacheInvalidator } from '../../../src/application/caching/cache-invalidator.ts';
import { cachePolicies } from '../../../src/application/caching/cache-policies.ts';
import type { Cache, InvalidateOptions, InvalidationTarget } from '../../../src/application/ports/cache.ts';
import type { CityId, RecruiterId } from '../../../src/domain/shared/id.ts';
import { candidate, city, recruiter, slotIn, template } from '../domain/subjects.ts';

function recording() {
  const anchors: string[] = [];
  const options: (InvalidateOptions | undefined)[] = [];
  const cache: Pick<Cache, 'invalidate'> = {
    invalidate: (targets, given) => {
      options.push(given);
      for (const target of [targets].flat() as readonly InvalidationTarget[])
        anchors.push((target as { readonly anchor: string }).anchor);
      return okAsync(undefined);
    },
  };
  return { cache, anchors, options, invalidator: new CacheInvalidator(cache) };
}

const policies = cachePolicies();
const moved = recruiter.assignCities([8, 9])._unsafeUnwrap();
const slot = slotIn('free');
const movedSlot = slotIn('free', { recruiterId: 20 as RecruiterId, cityId: 10 as CityId });
const linked = candidate.linkTelegram('600')._unsafeUnwrap();

/** Names of single entities, and of their lists, start with these. */
const segments = {
  recruiters: 'recruiter',
  cities: 'city',
  slots: 'slot',
  candidates: 'candidate',
  templates: 'template',
} as const;

const covers = (bumped: readonly string[], anchor: string): boolean => {
  const [first] = anchor.split(':');
  const family = families.find((name) => name === first || segments[name] === first);
  return bumped.includes(anchor) || (family !== undefined && bumped.includes(family));
};

describe('invalidating by hand covers every anchor that the same write through the SDK bumps', () => {
  it.each([
    [
      'a recruiter, by id alone',
      (by: CacheInvalidator) => by.recruiter(recruiter.id),
      anchorsOfRecruiter(recruiter, moved.archive()),
    ],
    [
      'a recruiter and its cities',
      (by: CacheInvalidator) => by.recruiter(recruiter.id, [...recruiter.cityIds, ...moved.cityIds]),
      anchorsOfRecruiter(recruiter, moved),
    ],
    ['a city', (by: CacheInvalidator) => by.city(city.id), anchorsOfCity(city, city.archive())],
    ['a slot, by id alone', (by: CacheInvalidator) => by.slot(slot.id), anchorsOfSlot(slot, movedSlot)],
    [
      'a slot and its lists',
      (by: CacheInvalidator) => by.slot(slot.id, { recruiterIds: [2, 20], cityIds: [1, 10] }),
      anchorsOfSlot(slot, movedSlot),
    ],
    [
      'a candidate, by id alone',
      (by: CacheInvalidator) => by.candidate(candidate.id),
      anchorsOfCandidate(candidate, linked),
    ],
    [
      'a candidate and its Telegram ids',
      (by: CacheInvalidator) => by.candidate(candidate.id, ['500', '600']),
      anchorsOfCandidate(candidate, linked),
    ],
    [
      'a template, by id alone',
      (by: CacheInvalidator) => by.template(template.id),
      anchorsOfTemplate(template),
    ],
    [
      'a template and its name',
      (by: CacheInvalidator) =>
        by.template(template.id, { key: 'greeting', locale: 'en', channel: 'plain', cityId: 1 }),
      anchorsOfTemplate(template),
    ],
    [
      'everything',
      (by: CacheInvalidator) => by.everything(),
      ['recruiter:1', 'city:1', 'slot:1', 'candidate:1', 'template:1'],
    ],
  ])('%s', async (_what, invalidate, written) => {
    const { anchors, invalidator } = recording();
    (await invalidate(invalidator))._unsafeUnwrap();
    expect(written.filter((anchor) => !covers(anchors, anchor))).toEqual([]);
  });
});

describe('invalidating by hand', () => {
  it('takes no family where it is told enough', async () => {
    const { anchors, invalidator } = recording();
    (await invalidator.recruiter(2, [1]))._unsafeUnwrap();
    (await invalidator.slot(4, { recruiterIds: [2], cityIds: [1] }))._unsafeUnwrap();
    (await invalidator.candidate(3, []))._unsafeUnwrap();
    (await invalidator.template(6, { key: 'a', locale: 'en', channel: 'html' }))._unsafeUnwrap();
    expect(anchors.filter((anchor) => (families as readonly string[]).includes(anchor))).toEqual([]);
    expect(anchors).toContain(policies.freeSlotsOfCity.anchor(1 as CityId));
  });

  it.each([
    [
      'a recruiter',
      (by: CacheInvalidator) => by.recruiter(2),
      [
        'recruiter:2',
        'recruiters:active',
        'recruiters:list',
        'slots:free:recruiter:2',
        'recruiters',
        'slots',
      ],
    ],
    [
      'all recruiters',
      (by: CacheInvalidator) => by.recruiters(),
      ['recruiters:active', 'recruiters:list', 'recruiters', 'slots'],
    ],
    ['a city', (by: CacheInvalidator) => by.city(1), ['city:1', 'cities:active', 'cities:list', 'slots']],
    [
      'all cities',
      (by: CacheInvalidator) => by.cities(),
      ['cities:active', 'cities:list', 'cities', 'slots'],
    ],
    ['a slot', (by: CacheInvalidator) => by.slot(4), ['slot:4', 'slots']],
    ['all slots', (by: CacheInvalidator) => by.slots(), ['slots']],
    ['a candidate', (by: CacheInvalidator) => by.candidate(3), ['candidate:3', 'candidates']],
    ['all candidates', (by: CacheInvalidator) => by.candidates(), ['candidates']],
    ['a template', (by: CacheInvalidator) => by.template(6), ['template:6', 'templates:list', 'templates']],
    ['all templates', (by: CacheInvalidator) => by.templates(), ['templates:list', 'templates']],
    [
      'everything',
      (by: CacheInvalidator) => by.everything(),
      [
        'recruiters:active',
        'recruiters:list',
        'cities:active',
        'cities:list',
        'templates:list',
        'recruiters',
        'cities',
        'slots',
        'candidates',
        'templates',
      ],
    ],
    ['one list of free slots', (by: CacheInvalidator) => by.slotsOfRecruiter(7), ['slots:free:recruiter:7']],
    ['another one', (by: CacheInvalidator) => by.slotsOfCity(1), ['slots:free:city:1']],
  ])('raises what is known by name, and families for the rest: %s', async (_what, invalidate, raised) => {
    const { anchors, invalidator } = recording();
    (await invalidate(invalidator))._unsafeUnwrap();
    expect(anchors).toEqual(raised);
  });

  it('refuses what is no id, and then tells nobody', async () => {
    const { anchors, invalidator } = recording();
    expect((await invalidator.recruiter(0))._unsafeUnwrapErr()).toMatchObject({ field: 'recruiterId' });
    expect((await invalidator.recruiter(1, [1, -1]))._unsafeUnwrapErr()).toMatchObject({
      field: 'cityIds[1]',
    });
    expect((await invalidator.slot(1, { recruiterIds: [], cityIds: [0] }))._unsafeUnwrapErr()).toMatchObject({
      field: 'cityIds[0]',
    });
    expect((await invalidator.candidate(1, ['x']))._unsafeUnwrapErr()).toMatchObject({ type: 'Validation' });
    expect(
      (await invalidator.template(1, { key: '?', locale: 'en', channel: 'html' }))._unsafeUnwrapErr(),
    ).toMatchObject({ field: 'key' });
    expect(anchors).toEqual([]);
  });

  it('waits for a unit of work that it is given', async () => {
    const { cache, options } = recording();
    const uow = {} as NonNullable<InvalidateOptions['uow']>;
    const invalidator = new CacheInvalidator(cache, { uow });
    (await invalidator.city(1))._unsafeUnwrap();
    expect(options).toEqual([{ uow }]);
  });
});
