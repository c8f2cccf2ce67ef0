import { describe, expect, it } from 'vitest';
import {
  anchorsOfCandidate,
  anchorsOfCity,
  anchorsOfRecruiter,
  anchorsOfSlot,
  anchorsOfTemplate,
} from '../../../src/application/caching/anchors.ts';
import { MessageTemplate } from '../../../src/domain/message-template/message-template.ts';
import { cachePolicies } from '../../../src/application/caching/cache-policies.ts';
import type { CityId, RecruiterId } from '../../../src/domain/shared/id.ts';
import { candidate, city, recruiter, slotIn, template } from '../domain/subjects.ts';

const policies = cachePolicies();

const sorted = (anchors: readonly string[]): readonly string[] => [...new Set(anchors)].toSorted();

describe('a write bumps', () => {
  it('of a city: itself and every list of cities', () => {
    const renamed = city.rename('Elsewhere')._unsafeUnwrap();
    expect(sorted(anchorsOfCity(city, renamed))).toEqual(['cities:active', 'cities:list', 'city:1']);
  });

  it('that archives or restores: every list of free slots as well', () => {
    expect(anchorsOfCity(city, city.archive())).toContain('slots');
    expect(anchorsOfRecruiter(recruiter.archive(), recruiter)).toContain('slots');
    expect(anchorsOfRecruiter(recruiter.archive(), recruiter.archive())).not.toContain('slots');
  });

  it('of a recruiter: itself, every list of recruiters, and the cities it left and came to', () => {
    const moved = recruiter.assignCities([8, 9])._unsafeUnwrap();
    expect(sorted(anchorsOfRecruiter(recruiter, moved))).toEqual([
      'recruiter:2',
      'recruiters:active',
      'recruiters:city:1',
      'recruiters:city:8',
      'recruiters:city:9',
      'recruiters:list',
    ]);
  });

  it('of a slot: itself and the free lists it was and is in', () => {
    const before = slotIn('free');
    const after = slotIn('free', { recruiterId: 20 as RecruiterId, cityId: 10 as CityId });
    expect(sorted(anchorsOfSlot(before, after))).toEqual([
      'slot:4',
      'slots:free:city:1',
      'slots:free:city:10',
      'slots:free:recruiter:2',
      'slots:free:recruiter:20',
    ]);
  });

  it('of a candidate: itself, by its old and by its new Telegram id', () => {
    const linked = candidate.linkTelegram('600')._unsafeUnwrap();
    expect(sorted(anchorsOfCandidate(candidate, linked))).toEqual([
      'candidate:3',
      'candidate:telegram:500',
      'candidate:telegram:600',
    ]);
  });

  it('of a template: itself, the list of its city, and what every city was answered for this text', () => {
    const forAll = new MessageTemplate({ ...template, cityId: undefined });
    expect(sorted(anchorsOfTemplate(template))).toEqual([
      'template:6',
      'template:resolve:greeting:en:plain',
      'templates:city:1',
      'templates:list',
    ]);
    expect(sorted(anchorsOfTemplate(forAll))).toEqual([
      'template:6',
      'template:resolve:greeting:en:plain',
      'templates:list',
    ]);
    expect(policies.resolvedTemplate.anchor(template)).toBe(policies.resolvedTemplate.anchor(forAll));
  });
});

it('what a write bumps is what guards the reads that could show the row', () => {
  const slot = slotIn('free');
  const expected = [
    [
      anchorsOfCity(city),
      [policies.city.anchor(city.id), policies.activeCities.anchor(), policies.cityList.anchor({})],
    ],
    [
      anchorsOfRecruiter(recruiter),
      [
        policies.recruiter.anchor(recruiter.id),
        policies.activeRecruiters.anchor(),
        policies.recruitersOfCity.anchor(city.id),
        policies.recruiterList.anchor({ cityId: city.id }),
      ],
    ],
    [
      anchorsOfSlot(slot),
      [
        policies.slot.anchor(slot.id),
        policies.freeSlotsOfRecruiter.anchor(recruiter.id),
        policies.freeSlotsOfCity.anchor(city.id),
      ],
    ],
  ] as const;
  for (const [bumped, guarding] of expected) expect(sorted(bumped)).toEqual(sorted(guarding));
});
