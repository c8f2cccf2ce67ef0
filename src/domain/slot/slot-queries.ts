import { ok, Result, type ResultAsync } from 'neverthrow';
import { parseObject } from '../shared/input.ts';
import { parseOneOf, parseOptional, parsePeriod, parseSome, type Period } from '../shared/filter.ts';
import {
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../shared/id.ts';
import type { Instant, InstantInput } from '../shared/instant.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError } from '../shared/repository-error.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { parsePurpose, type Slot } from './slot.ts';
import { slotStatuses, type SlotStatus } from './slot-status.ts';

/** Which slots; each part that is given narrows the list. Lists have 1 to 1,000 values. */
export interface SlotFilter {
  readonly recruiterIds?: readonly IdInput<RecruiterId>[];
  readonly cityIds?: readonly IdInput<CityId>[];
  readonly statuses?: readonly SlotStatus[];
  readonly purposes?: readonly string[];
  /** Who has the slot now. */
  readonly candidateId?: IdInput<CandidateId>;
  /** Slots that have a part in `[from, until)`, also when they began before. */
  readonly from?: InstantInput;
  readonly until?: InstantInput;
}

/** A validated {@link SlotFilter}. */
export interface SlotCriteria extends Period {
  readonly recruiterIds: readonly RecruiterId[] | undefined;
  readonly cityIds: readonly CityId[] | undefined;
  readonly statuses: readonly SlotStatus[] | undefined;
  readonly purposes: readonly string[] | undefined;
  readonly candidateId: CandidateId | undefined;
}

/** How many slots there are in each status. */
export type SlotStatusSummary = Readonly<Record<SlotStatus, number>>;

/** The days an agenda is for. */
export interface AgendaRange {
  readonly from: InstantInput;
  /** After `from`, by 100 days at most. */
  readonly until: InstantInput;
}

/** Views of slots for desks and dashboards. They ask the database each time; nothing of them is cached. */
export interface SlotQueries {
  /**
   * Slots by start, as they are stored: one whose hold has lapsed is `pending` until somebody takes it or sweeps it up.
   * One statement; one more for a total.
   */
  search(filter?: SlotFilter, page?: PageRequest): ResultAsync<Page<Slot>, RepositoryError>;
  /** The same slots, counted by status. */
  statusSummary(filter?: SlotFilter): ResultAsync<SlotStatusSummary, RepositoryError>;
  /** Everything the recruiter has in `[from, until)`, by start, without what was canceled. */
  getAgenda(
    recruiterId: IdInput<RecruiterId>,
    range: AgendaRange,
  ): ResultAsync<readonly Slot[], RepositoryError>;
  /** What the candidate has ahead after this moment (now when left out), by start; a hold that has lapsed is not ahead. */
  getUpcomingForCandidate(
    candidateId: IdInput<CandidateId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError>;
}

export const parseSlotFilter = (filter: SlotFilter = {}): Result<SlotCriteria, ValidationError> =>
  parseObject(filter, 'filter').andThen((given) =>
    Result.combine([
      parseSome(given.recruiterIds, 'recruiterIds', parseRecruiterId),
      parseSome(given.cityIds, 'cityIds', parseCityId),
      parseSome(given.statuses, 'statuses', parseOneOf(slotStatuses)),
      parseSome(given.purposes, 'purposes', parsePurpose),
      parseOptional(given.candidateId, parseCandidateId),
      parsePeriod(given),
    ]).map(([recruiterIds, cityIds, statuses, purposes, candidateId, period]) => ({
      recruiterIds,
      cityIds,
      statuses,
      purposes,
      candidateId,
      ...period,
    })),
  );

const MAX_AGENDA_MS = 100 * 24 * 60 * 60_000;

export const parseAgenda = (
  recruiterId: IdInput<RecruiterId>,
  range: AgendaRange,
): Result<
  { readonly recruiterId: RecruiterId; readonly from: Instant; readonly until: Instant },
  ValidationError
> =>
  Result.combine([
    parseRecruiterId(recruiterId),
    parseObject(range, 'range').andThen((given) => parsePeriod(given)),
  ]).andThen(([id, { from, until }]) => {
    if (from === undefined) return invalid('from', 'is required');
    if (until === undefined) return invalid('until', 'is required');
    return until.epochMilliseconds - from.epochMilliseconds > MAX_AGENDA_MS
      ? invalid('until', 'must be 100 days after from at most')
      : ok({ recruiterId: id, from, until });
  });

/** No slots at all, which is what counts are added to. */
export const noSlots: SlotStatusSummary = Object.freeze(
  Object.fromEntries(slotStatuses.map((status) => [status, 0])) as Record<SlotStatus, number>,
);
