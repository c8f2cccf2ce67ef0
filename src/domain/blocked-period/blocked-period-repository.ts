import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../booking/booking.ts';
import type { CityNotFound } from '../city/city-errors.ts';
import type { RecruiterNotFound } from '../recruiter/recruiter-errors.ts';
import type { BlockedPeriodId, CityId, IdInput, RecruiterId } from '../shared/id.ts';
import type { InstantInput } from '../shared/instant.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError } from '../shared/repository-error.ts';
import type { SlotDraft } from '../slot/slot.ts';
import type { BlockedPeriodNotFound } from './blocked-period-errors.ts';
import type { BlockedPeriod, NewBlockedPeriod } from './blocked-period.ts';

export interface BlockedPeriodFilter {
  /** Those that name this recruiter. */
  readonly recruiterId?: IdInput<RecruiterId>;
  /** Those that name this city. */
  readonly cityId?: IdInput<CityId>;
  /** Those that end after this. */
  readonly after?: InstantInput;
}

/** Blocked periods; never cached, because they decide what may be published. */
export interface BlockedPeriodRepository {
  get(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod, BlockedPeriodNotFound | RepositoryError>;
  find(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod | undefined, RepositoryError>;
  /** By ascending id. */
  list(filter?: BlockedPeriodFilter, page?: PageRequest): ResultAsync<Page<BlockedPeriod>, RepositoryError>;
  /**
   * Stores a period, after waiting for everybody who is about to publish something: whoever comes later knows of it.
   */
  add(
    period: NewBlockedPeriod,
  ): ResultAsync<BlockedPeriod, RecruiterNotFound | CityNotFound | RepositoryError>;
  delete(id: IdInput<BlockedPeriodId>): ResultAsync<void, BlockedPeriodNotFound | RepositoryError>;
  /**
   * The periods that stand in the way of these slots, as a map from their places in the list. Until the transaction
   * ends nobody adds another; any number of transactions may ask at the same time.
   */
  lockBlocking(slots: readonly SlotDraft[]): ResultAsync<ReadonlyMap<number, BlockedPeriod>, RepositoryError>;
  /** Live bookings of slots that lie in the period, by start; holds and requests that have lapsed do not count. */
  listAffected(period: BlockedPeriod): ResultAsync<readonly Booking[], RepositoryError>;
}
