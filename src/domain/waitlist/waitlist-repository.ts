import { Result, type ResultAsync } from 'neverthrow';
import type { CandidateNotFound } from '../candidate/candidate-errors.ts';
import type { CityNotFound } from '../city/city-errors.ts';
import type { RecruiterNotFound } from '../recruiter/recruiter-errors.ts';
import { parseOneOf, parseOptional, parseSome } from '../shared/filter.ts';
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
  type WaitlistEntryId,
} from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import type { Instant } from '../shared/instant.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion } from '../shared/repository-error.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { parsePurpose } from '../slot/slot.ts';
import {
  waitlistStatuses,
  type WaitlistDraft,
  type WaitlistEntry,
  type WaitlistStatus,
} from './waitlist-entry.ts';
import type { AlreadyWaiting, WaitlistEntryNotFound } from './waitlist-errors.ts';

/** Which entries; each part that is given narrows the list. */
export interface WaitlistFilter {
  readonly candidateId?: IdInput<CandidateId>;
  readonly cityId?: IdInput<CityId>;
  readonly recruiterId?: IdInput<RecruiterId>;
  readonly purpose?: string;
  readonly statuses?: readonly WaitlistStatus[];
}

/** Who may have one live entry. */
export type WaitlistPlace = Pick<WaitlistDraft, 'candidateId' | 'cityId' | 'purpose'>;

/** The queues of candidates who wait for a slot. Nothing of them is cached. */
export interface WaitlistRepository {
  get(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError>;
  find(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry | undefined, RepositoryError>;
  /** The live entry of this candidate in this city for this purpose, if any. */
  findLive(place: WaitlistPlace): ResultAsync<WaitlistEntry | undefined, RepositoryError>;
  /** The live entries that were offered these bookings, by ascending id, locked until the transaction ends. */
  lockOffered(bookingIds: readonly BookingId[]): ResultAsync<readonly WaitlistEntry[], RepositoryError>;
  /** Reads and locks the row until the transaction ends (`FOR UPDATE`). */
  getForUpdate(
    id: IdInput<WaitlistEntryId>,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError>;
  /**
   * The longest-waiting entry after `afterId` that this slot of an active recruiter in an active city suits, of an active
   * candidate who has nothing else at that time or of that kind and never had this slot before. Locks nothing: look again
   * once it is locked.
   */
  findNextFor(slotId: SlotId, afterId: number): ResultAsync<WaitlistEntry | undefined, RepositoryError>;
  /** By ascending id, which is the order of the queue. */
  list(filter?: WaitlistFilter, page?: PageRequest): ResultAsync<Page<WaitlistEntry>, RepositoryError>;
  add(
    draft: WaitlistDraft,
    joinedAt: Instant,
  ): ResultAsync<
    WaitlistEntry,
    AlreadyWaiting | CandidateNotFound | CityNotFound | RecruiterNotFound | RepositoryError
  >;
  /** Stores a changed entry if its version is still the stored one; answers it with the next version. */
  update(
    entry: WaitlistEntry,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | StaleVersion | RepositoryError>;
}

/** A validated {@link WaitlistFilter}. */
export interface WaitlistCriteria {
  readonly candidateId: CandidateId | undefined;
  readonly cityId: CityId | undefined;
  readonly recruiterId: RecruiterId | undefined;
  readonly purpose: string | undefined;
  readonly statuses: readonly WaitlistStatus[] | undefined;
}

export const parseWaitlistFilter = (filter: WaitlistFilter = {}): Result<WaitlistCriteria, ValidationError> =>
  parseObject(filter, 'filter').andThen((given) =>
    Result.combine([
      parseOptional(given.candidateId, parseCandidateId),
      parseOptional(given.cityId, parseCityId),
      parseOptional(given.recruiterId, parseRecruiterId),
      parseOptional(given.purpose, parsePurpose),
      parseSome(given.statuses, 'statuses', parseOneOf(waitlistStatuses)),
    ]).map(([candidateId, cityId, recruiterId, purpose, statuses]) => ({
      candidateId,
      cityId,
      recruiterId,
      purpose,
      statuses,
    })),
  );
