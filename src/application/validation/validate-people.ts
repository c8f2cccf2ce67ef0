import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { CandidateInactive, CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { CityInactive, CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { fail } from '../../domain/shared/fail.ts';
import {
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../../domain/shared/id.ts';
import { parseObject } from '../../domain/shared/input.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Readers } from '../readers.ts';

export type ActiveRecruiterError = RecruiterNotFound | RecruiterInactive | RepositoryError;
export type ActiveCityError = CityNotFound | CityInactive | RepositoryError;
export type ActiveCandidateError = CandidateNotFound | CandidateInactive | RepositoryError;

/** Who works where. */
export interface RecruiterInCity {
  readonly recruiterId: IdInput<RecruiterId>;
  readonly cityId: IdInput<CityId>;
}

export interface LinkedRecruiter {
  readonly recruiter: Recruiter;
  readonly city: City;
}

/** Whether those whom a form names are there and in use. Each answers what it has found, read through the cache. */
export interface ValidatePeople {
  recruiter(id: IdInput<RecruiterId>): ResultAsync<Recruiter, ActiveRecruiterError>;
  city(id: IdInput<CityId>): ResultAsync<City, ActiveCityError>;
  candidate(id: IdInput<CandidateId>): ResultAsync<Candidate, ActiveCandidateError>;
  /** Both are in use, and the recruiter works in the city. */
  recruiterInCity(
    input: RecruiterInCity,
  ): ResultAsync<LinkedRecruiter, ActiveRecruiterError | ActiveCityError | CityNotLinked>;
}

export const validatePeople = (
  read: Pick<Readers, 'recruiters' | 'cities' | 'candidates'>,
): ValidatePeople => {
  const recruiter: ValidatePeople['recruiter'] = (input) =>
    parseRecruiterId(input)
      .asyncAndThen((id) => read.recruiters.get(id))
      .andThen(inUse('RecruiterInactive'));
  const city: ValidatePeople['city'] = (input) =>
    parseCityId(input)
      .asyncAndThen((id) => read.cities.get(id))
      .andThen(inUse('CityInactive'));
  return {
    recruiter,
    city,
    candidate: (input) =>
      parseCandidateId(input)
        .asyncAndThen((id) => read.candidates.get(id))
        .andThen(inUse('CandidateInactive')),
    recruiterInCity: (input) =>
      parseObject(input, 'input')
        .asyncAndThen(({ recruiterId, cityId }) =>
          ResultAsync.combine([recruiter(recruiterId), city(cityId)]),
        )
        .andThen(linked),
  };
};

const inUse =
  <Type extends 'RecruiterInactive' | 'CityInactive' | 'CandidateInactive'>(type: Type) =>
  <T extends { readonly id: Id; readonly active: boolean }, Id>(
    found: T & { readonly id: Id },
  ): Result<T, { readonly type: Type; readonly id: T['id'] }> =>
    found.active ? ok(found) : err({ type, id: found.id });

const linked = ([recruiter, city]: readonly [Recruiter, City]): Result<LinkedRecruiter, CityNotLinked> =>
  recruiter.worksIn(city.id)
    ? ok({ recruiter, city })
    : fail({ type: 'CityNotLinked', recruiterId: recruiter.id, cityId: city.id });
