import { ok, Result } from 'neverthrow';
import type { BlockedPeriodFilter } from '../../../domain/blocked-period/blocked-period-repository.ts';
import { parseCityId, parseRecruiterId, type CityId, type RecruiterId } from '../../../domain/shared/id.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import type { ValidationError } from '../../../domain/shared/validation-error.ts';

interface ParsedFilter {
  readonly recruiterId: RecruiterId | undefined;
  readonly cityId: CityId | undefined;
  readonly after: Instant | undefined;
}

/** What every adapter checks of a filter. */
export const parseBlockedPeriodFilter = ({
  recruiterId,
  cityId,
  after,
}: BlockedPeriodFilter): Result<ParsedFilter, ValidationError> =>
  Result.combine([
    recruiterId === undefined ? ok(undefined) : parseRecruiterId(recruiterId),
    cityId === undefined ? ok(undefined) : parseCityId(cityId),
    after === undefined ? ok(undefined) : Instant.parse(after, 'after'),
  ]).map(([recruiter, city, end]) => ({ recruiterId: recruiter, cityId: city, after: end }));
