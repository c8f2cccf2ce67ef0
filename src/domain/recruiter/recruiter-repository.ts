import type { Result, ResultAsync } from 'neverthrow';
import type { TelegramIdTaken } from '../candidate/candidate-errors.ts';
import type { CityNotFound } from '../city/city-errors.ts';
import type { AddManyOptions, ItemsRefused } from '../shared/bulk.ts';
import type { CityId, IdInput, RecruiterId } from '../shared/id.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../shared/repository-error.ts';
import type { InvalidTimeZone } from '../shared/time-zone.ts';
import type { Availability } from '../slot/availability.ts';
import type { RecruiterNotFound } from './recruiter-errors.ts';
import type { NewRecruiter, Recruiter } from './recruiter.ts';

export interface RecruiterFilter {
  readonly active?: boolean;
  readonly cityId?: IdInput<CityId>;
}

export interface FreeSlotFilter {
  readonly cityId?: IdInput<CityId>;
}

/** Reads of recruiters, cached where the composition says so. */
export interface RecruiterReader {
  get(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError>;
  find(id: IdInput<RecruiterId>): ResultAsync<Recruiter | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<ReadonlyMap<RecruiterId, Recruiter>, RepositoryError>;
  /** All active recruiters, by name. */
  getActive(): ResultAsync<readonly Recruiter[], RepositoryError>;
  /** Active recruiters who work in the city, by name. */
  getByCity(cityId: IdInput<CityId>): ResultAsync<readonly Recruiter[], RepositoryError>;
  /** Who has this Telegram chat. Asks the database each time. */
  findByTelegramChatId(chatId: string | number | bigint): ResultAsync<Recruiter | undefined, RepositoryError>;
  /**
   * What each of these recruiters has to offer, in one statement for 1 to 1,000 of them; with `cityId`, in that city. Who
   * has nothing, is archived or does not exist is in the answer with a count of 0. Asks the database each time.
   */
  freeSlotSummary(
    ids: readonly IdInput<RecruiterId>[],
    filter?: FreeSlotFilter,
  ): ResultAsync<ReadonlyMap<RecruiterId, Availability>, RepositoryError>;
  /** By ascending id. */
  list(filter?: RecruiterFilter, page?: PageRequest): ResultAsync<Page<Recruiter>, RepositoryError>;
}

/** Why a recruiter cannot be stored. */
export type AddRecruiterError = CityNotFound | TelegramIdTaken | InvalidTimeZone | RepositoryError;

export interface RecruiterRepository extends RecruiterReader {
  /** Reads the row itself and keeps it from being changed until the transaction ends (`FOR SHARE`). Never cached. */
  getForShare(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError>;
  /** The same, and keeps others from reading it like this or with `getForShare` (`FOR UPDATE`). */
  getForUpdate(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError>;
  add(recruiter: NewRecruiter): ResultAsync<Recruiter, AddRecruiterError>;
  /**
   * Stores many, two statements for each batch, and answers for each in the order given: the recruiter, or why there is
   * none. Of several with one Telegram chat the first is stored. With `onConflict: 'skip'` those that can be stored are;
   * by default one that cannot be stored keeps all of them out, and the answer is `ItemsRefused`.
   * Waits for every other transaction that adds many cities, recruiters or candidates.
   */
  addMany(
    recruiters: readonly NewRecruiter[],
    options?: AddManyOptions,
  ): ResultAsync<
    readonly Result<Recruiter, AddRecruiterError>[],
    ItemsRefused<AddRecruiterError> | RepositoryError
  >;
  /**
   * Stores a changed recruiter if its version is still the stored one; answers it with the next version. Checked as `add`
   * checks.
   */
  update(
    recruiter: Recruiter,
  ): ResultAsync<
    Recruiter,
    RecruiterNotFound | CityNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  >;
  /**
   * Takes many out of use, and answers for each in the order given; one that is out of use already stays as it is. One
   * statement for 1,000 of them.
   */
  archiveMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError>;
  /** The opposite of {@link archiveMany}. */
  restoreMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError>;
  /** Only while nothing refers to the recruiter; otherwise archive. */
  delete(id: IdInput<RecruiterId>): ResultAsync<void, RecruiterNotFound | StillReferenced | RepositoryError>;
}
