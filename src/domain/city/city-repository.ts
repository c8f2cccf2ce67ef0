import type { Result, ResultAsync } from 'neverthrow';
import type { AddManyOptions, ItemsRefused } from '../shared/bulk.ts';
import type { CityId, IdInput } from '../shared/id.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../shared/repository-error.ts';
import type { InvalidTimeZone } from '../shared/time-zone.ts';
import type { InstantInput } from '../shared/instant.ts';
import type { Availability } from '../slot/availability.ts';
import type { CityExists, CityNotFound } from './city-errors.ts';
import type { City, NewCity } from './city.ts';

export interface CityFilter {
  readonly active?: boolean;
}

/** A city and what it has to offer. */
export interface CityAvailability extends Availability {
  readonly city: City;
}

/** Reads of cities, cached where the composition says so. */
export interface CityReader {
  get(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError>;
  find(id: IdInput<CityId>): ResultAsync<City | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(ids: readonly IdInput<CityId>[]): ResultAsync<ReadonlyMap<CityId, City>, RepositoryError>;
  /** All active cities, by name. */
  getActive(): ResultAsync<readonly City[], RepositoryError>;
  /**
   * The city of this name, whatever its case; otherwise the active one whose name begins with it, if there is only one.
   * Asks the database each time.
   */
  findByName(name: string): ResultAsync<City | undefined, RepositoryError>;
  /**
   * All active cities, those with free slots after this moment (now when left out) first, and by name among each. One
   * statement, which asks the database each time.
   */
  withAvailability(after?: InstantInput): ResultAsync<readonly CityAvailability[], RepositoryError>;
  /** By ascending id. */
  list(filter?: CityFilter, page?: PageRequest): ResultAsync<Page<City>, RepositoryError>;
}

/** Why a city cannot be stored. */
export type AddCityError = CityExists | InvalidTimeZone | RepositoryError;

export interface CityRepository extends CityReader {
  /** Reads the row itself and keeps it from being changed until the transaction ends (`FOR SHARE`). Never cached. */
  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError>;
  /** The same, and keeps others from reading it like this or with `getForShare` (`FOR UPDATE`). */
  getForUpdate(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError>;
  add(city: NewCity): ResultAsync<City, AddCityError>;
  /**
   * Stores many, a statement for each batch, and answers for each in the order given: the city, or why there is none.
   * Of several with one name the first is stored. With `onConflict: 'skip'` those that can be stored are;
   * by default one that cannot be stored keeps all of them out, and the answer is `ItemsRefused`.
   * Waits for every other transaction that adds many cities, recruiters or candidates.
   */
  addMany(
    cities: readonly NewCity[],
    options?: AddManyOptions,
  ): ResultAsync<readonly Result<City, AddCityError>[], ItemsRefused<AddCityError> | RepositoryError>;
  /**
   * Stores a changed city if its version is still the stored one; answers it with the next version. Checked as `add`
   * checks.
   */
  update(
    city: City,
  ): ResultAsync<City, CityNotFound | CityExists | InvalidTimeZone | StaleVersion | RepositoryError>;
  /**
   * Takes many out of use, and answers for each in the order given; one that is out of use already stays as it is. One
   * statement for 1,000 of them.
   */
  archiveMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError>;
  /** The opposite of {@link archiveMany}. */
  restoreMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError>;
  /** Only while nothing refers to the city; otherwise archive it. */
  delete(id: IdInput<CityId>): ResultAsync<void, CityNotFound | StillReferenced | RepositoryError>;
}
