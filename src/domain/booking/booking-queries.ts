import { Result, type ResultAsync } from 'neverthrow';
import { parseOneOf, parsePeriod, parseSome, type Period } from '../shared/filter.ts';
import {
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  type BookingId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type SlotId,
} from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import type { InstantInput } from '../shared/instant.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError } from '../shared/repository-error.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { parsePurpose } from '../slot/slot.ts';
import type { BookingNotFound } from './booking-errors.ts';
import { bookingOutcomes, bookingStates, type BookingOutcome, type BookingState } from './booking-state.ts';
import type { Booking } from './booking.ts';

/** Which bookings; each part that is given narrows the list. Lists have 1 to 1,000 values. */
export interface BookingFilter {
  readonly candidateIds?: readonly IdInput<CandidateId>[];
  /** Whose slot it was; `cityIds` likewise where. */
  readonly recruiterIds?: readonly IdInput<RecruiterId>[];
  readonly cityIds?: readonly IdInput<CityId>[];
  readonly states?: readonly BookingState[];
  readonly outcomes?: readonly BookingOutcome[];
  readonly purposes?: readonly string[];
  /** Bookings of slots that have a part in `[from, until)`. */
  readonly from?: InstantInput;
  readonly until?: InstantInput;
}

/** A validated {@link BookingFilter}. */
export interface BookingCriteria extends Period {
  readonly candidateIds: readonly CandidateId[] | undefined;
  readonly recruiterIds: readonly RecruiterId[] | undefined;
  readonly cityIds: readonly CityId[] | undefined;
  readonly states: readonly BookingState[] | undefined;
  readonly outcomes: readonly BookingOutcome[] | undefined;
  readonly purposes: readonly string[] | undefined;
}

/** Views of bookings, live ones and history. */
export interface BookingQueries {
  /** By ascending id, as they are stored: one that has lapsed keeps its state until somebody sweeps it up. */
  search(filter?: BookingFilter, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError>;
  /** All attempts of one candidate, by ascending id. */
  listForCandidate(
    candidateId: IdInput<CandidateId>,
    page?: PageRequest,
  ): ResultAsync<Page<Booking>, RepositoryError>;
  /** Everybody's attempts to get one slot, by ascending id. */
  listForSlot(slotId: IdInput<SlotId>, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError>;
  /** The bookings that count against `maxActivePerCandidate`: those that are live, have not lapsed and are not over. */
  countActive(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError>;
  /** How many times the candidate did not come. */
  countNoShows(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError>;
  /** The booking with those it took over from and those that took over from it, in that order. One statement. */
  historyOf(id: IdInput<BookingId>): ResultAsync<readonly Booking[], BookingNotFound | RepositoryError>;
}

export const parseBookingFilter = (filter: BookingFilter = {}): Result<BookingCriteria, ValidationError> =>
  parseObject(filter, 'filter').andThen((given) =>
    Result.combine([
      parseSome(given.candidateIds, 'candidateIds', parseCandidateId),
      parseSome(given.recruiterIds, 'recruiterIds', parseRecruiterId),
      parseSome(given.cityIds, 'cityIds', parseCityId),
      parseSome(given.states, 'states', parseOneOf(bookingStates)),
      parseSome(given.outcomes, 'outcomes', parseOneOf(bookingOutcomes)),
      parseSome(given.purposes, 'purposes', parsePurpose),
      parsePeriod(given),
    ]).map(([candidateIds, recruiterIds, cityIds, states, outcomes, purposes, period]) => ({
      candidateIds,
      recruiterIds,
      cityIds,
      states,
      outcomes,
      purposes,
      ...period,
    })),
  );
