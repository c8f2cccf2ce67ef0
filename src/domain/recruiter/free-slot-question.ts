import { Result } from 'neverthrow';
import { parseOptional, parseSome } from '../shared/filter.ts';
import { parseCityId, parseRecruiterId, type CityId, type IdInput, type RecruiterId } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import type { FreeSlotFilter } from './recruiter-repository.ts';

/** Whose free slots are to be counted, and where. */
export interface FreeSlotQuestion {
  readonly ids: readonly RecruiterId[];
  readonly cityId: CityId | undefined;
}

export const parseFreeSlotQuestion = (
  ids: readonly IdInput<RecruiterId>[],
  filter: FreeSlotFilter = {},
): Result<FreeSlotQuestion, ValidationError> =>
  Result.combine([
    // What is left out in a filter is not left out here.
    parseSome(ids ?? [], 'ids', parseRecruiterId),
    parseObject(filter, 'filter').andThen(({ cityId }) => parseOptional(cityId, parseCityId)),
  ]).map(([valid = [], cityId]) => ({ ids: valid, cityId }));
