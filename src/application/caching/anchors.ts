import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { City } from '../../domain/city/city.ts';
import type { MessageTemplate } from '../../domain/message-template/message-template.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { cachePolicies, type CacheFamily } from './cache-policies.ts';

/** The name whose version guards cache entries; bumping it is what invalidation is. */
export type Anchor = string;

const policies = cachePolicies();

/**
 * Lists of free slots leave out those of archived recruiters and cities. Which lists that changes is not known here, and
 * archiving is rare, so it takes the whole family.
 */
const offersAfterArchiving = (states: readonly { readonly active: boolean }[]): readonly Anchor[] =>
  new Set(states.map(({ active }) => active)).size > 1 ? [policies.slot.family] : [];

/**
 * Which anchors a write bumps. Each function takes every state of the row the write touches, the old one and the new
 * one, because a row that leaves one list and enters another changes both.
 */
export const anchorsOfRecruiter = (...states: readonly Recruiter[]): readonly Anchor[] => [
  policies.activeRecruiters.anchor(),
  policies.recruiterList.anchor({}),
  ...offersAfterArchiving(states),
  ...states.flatMap((recruiter) => [
    policies.recruiter.anchor(recruiter.id),
    ...recruiter.cityIds.map((cityId) => policies.recruitersOfCity.anchor(cityId)),
  ]),
];

export const anchorsOfCity = (...states: readonly City[]): readonly Anchor[] => [
  policies.activeCities.anchor(),
  policies.cityList.anchor({}),
  ...offersAfterArchiving(states),
  ...states.map(({ id }) => policies.city.anchor(id)),
];

export const anchorsOfSlot = (...states: readonly Slot[]): readonly Anchor[] =>
  states.flatMap((slot) => [
    policies.slot.anchor(slot.id),
    policies.freeSlotsOfRecruiter.anchor(slot.recruiterId),
    policies.freeSlotsOfCity.anchor(slot.cityId),
  ]);

export const anchorsOfCandidate = (...states: readonly Candidate[]): readonly Anchor[] =>
  states.flatMap(({ id, telegramId }) => [
    policies.candidate.anchor(id),
    ...(telegramId === undefined ? [] : [policies.candidateByTelegramId.anchor(telegramId)]),
  ]);

export const anchorsOfTemplate = (...states: readonly MessageTemplate[]): readonly Anchor[] =>
  states.flatMap((template) => [
    policies.template.anchor(template.id),
    policies.templateList.anchor({}),
    policies.resolvedTemplate.anchor(template),
    ...(template.cityId === undefined ? [] : [policies.templatesOfCity.anchor(template.cityId)]),
  ]);

/** Together they guard everything the SDK caches. */
export const families: readonly CacheFamily[] = [
  ...new Set(Object.values(policies).map(({ family }) => family)),
];
