import { ok, Result } from 'neverthrow';
import type { BookingPolicy } from '../booking/booking-policy.ts';
import {
  parseCandidateId,
  parseCityId,
  parseIds,
  parseRecruiterId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type SlotId,
} from '../shared/id.ts';
import { parseOptionalInstant, type Instant, type InstantInput } from '../shared/instant.ts';
import { timeRange } from '../shared/time-range.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { parsePurpose } from './slot.ts';

/**
 * Which of the slots that fit is taken. `earliest`: the first to start. `leastLoaded`: of the recruiter with the fewest
 * active slots ahead, the first to start. `preferred`: of the first recruiter in the list who has one, then of any other.
 */
export const claimStrategies = ['earliest', 'leastLoaded', 'preferred'] as const;
export type ClaimStrategy = (typeof claimStrategies)[number];

/** A slot that is wanted by what it is like, not by its id. */
export interface SlotClaim {
  readonly cityId: IdInput<CityId>;
  readonly candidateId: IdInput<CandidateId>;
  /** `interview` when left out. */
  readonly purpose?: string;
  /** Starts of slots that fit: `[from, until)`, and later than now. */
  readonly from?: InstantInput;
  readonly until?: InstantInput;
  readonly strategy: ClaimStrategy;
  /** In order of preference; only, and always, with `preferred`. */
  readonly preferredRecruiterIds?: readonly IdInput<RecruiterId>[];
}

/** What a claim is decided by besides. */
export interface ClaimTerms {
  /** The widest rules; those of city, recruiter and slot go before them. */
  readonly policy: BookingPolicy;
  /** Slots that were found not to do. */
  readonly except?: readonly SlotId[];
}

/** A validated {@link SlotClaim}. */
export interface ParsedClaim {
  readonly cityId: CityId;
  readonly candidateId: CandidateId;
  readonly purpose: string;
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
  readonly strategy: ClaimStrategy;
  readonly preferred: readonly RecruiterId[];
}

export const parseClaim = (claim: SlotClaim): Result<ParsedClaim, ValidationError> =>
  Result.combine([
    parseCityId(claim.cityId),
    parseCandidateId(claim.candidateId),
    parsePurpose(claim.purpose ?? 'interview'),
    parseOptionalInstant(claim.from, 'from'),
    parseOptionalInstant(claim.until, 'until'),
    parseStrategy(claim.strategy),
    parsePreferred(claim),
  ]).andThen(([cityId, candidateId, purpose, from, until, strategy, preferred]) => {
    const parsed = { cityId, candidateId, purpose, from, until, strategy, preferred };
    return from === undefined || until === undefined
      ? ok(parsed)
      : timeRange(from, until, 'until').map(() => parsed);
  });

const parseStrategy = (strategy: ClaimStrategy): Result<ClaimStrategy, ValidationError> =>
  claimStrategies.includes(strategy)
    ? ok(strategy)
    : invalid('strategy', `must be one of ${claimStrategies.join(', ')}`);

function parsePreferred({
  strategy,
  preferredRecruiterIds: ids = [],
}: SlotClaim): Result<readonly RecruiterId[], ValidationError> {
  const field = 'preferredRecruiterIds';
  return parseIds(parseRecruiterId, ids, field).andThen((parsed) => {
    if ((strategy === 'preferred') === parsed.length > 0) return ok(parsed);
    return invalid(field, strategy === 'preferred' ? 'must name somebody' : 'is for preferred only');
  });
}

/** How many slots are settled at a time at most. */
export const MOST_DUE = 1_000;
