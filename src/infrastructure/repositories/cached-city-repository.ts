import { errAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import { anchorsOfCity } from '../../application/caching/anchors.ts';
import type { CityExists, CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  CityAvailability,
  CityFilter,
  CityReader,
  AddCityError,
  CityRepository,
} from '../../domain/city/city-repository.ts';
import type { City, NewCity } from '../../domain/city/city.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import { parseCityId, parseIds, type CityId, type IdInput } from '../../domain/shared/id.ts';
import type { InstantInput } from '../../domain/shared/instant.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { cityCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries, type EntityEntry } from './cache-entries.ts';
import type { CachedReads } from './cached-reads.ts';

/** Cities read through the cache. */
export class CachedCityReader implements CityReader, Peek<CityId, City> {
  protected readonly reads: CachedReads<CityReader>;
  readonly #entries: CacheEntries;
  readonly #uncached: CityReader;

  constructor(reads: CachedReads<CityReader>, entries: CacheEntries, uncached: CityReader) {
    this.reads = reads;
    this.#entries = entries;
    this.#uncached = uncached;
  }

  get(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    const entry = this.#entries.city.of(id);
    return entry.isOk() ? this.reads.require(entry.value, findCity, cityNotFound) : errAsync(entry.error);
  }

  find(id: IdInput<CityId>): ResultAsync<City | undefined, RepositoryError> {
    return this.#entries.city
      .of(id)
      .asyncAndThen((entry) => this.reads.read(entry, (cities) => cities.find(entry.id)));
  }

  peek(id: IdInput<CityId>): City | undefined {
    const entry = this.#entries.city.of(id);
    return entry.isOk() ? this.reads.peek(entry.value) : undefined;
  }

  getMany(ids: readonly IdInput<CityId>[]): ResultAsync<ReadonlyMap<CityId, City>, RepositoryError> {
    return parseIds(parseCityId, ids).asyncAndThen((valid) =>
      this.reads.readMany(this.#entries.city.at(valid), (cities, missing) => cities.getMany(missing)),
    );
  }

  getActive(): ResultAsync<readonly City[], RepositoryError> {
    return this.reads.read(entryOf(this.#entries.policies.activeCities, cityCodecs.list), (cities) =>
      cities.getActive(),
    );
  }

  findByName(name: string): ResultAsync<City | undefined, RepositoryError> {
    return this.#uncached.findByName(name);
  }

  withAvailability(after?: InstantInput): ResultAsync<readonly CityAvailability[], RepositoryError> {
    return this.#uncached.withAvailability(after);
  }

  list(filter: CityFilter = {}, page?: PageRequest): ResultAsync<Page<City>, RepositoryError> {
    const { active } = filter;
    return parsePageById(page).asyncAndThen((position) =>
      this.reads.read(
        entryOf(this.#entries.policies.cityList, cityCodecs.page, { active, ...position }),
        (cities) => cities.list(filter, page),
      ),
    );
  }
}

/** The same inside a unit of work, with the writes of the repository behind it. */
export class CachedCityRepository extends CachedCityReader implements CityRepository {
  readonly #writes: CityRepository;

  constructor(reads: CachedReads<CityReader>, entries: CacheEntries, writes: CityRepository) {
    super(reads, entries, writes);
    this.#writes = writes;
  }

  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#writes.getForShare(id);
  }

  getForUpdate(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#writes.getForUpdate(id);
  }

  add(city: NewCity): ResultAsync<City, CityExists | InvalidTimeZone | RepositoryError> {
    return this.#writes.add(city);
  }

  addMany(
    cities: readonly NewCity[],
    options?: AddManyOptions,
  ): ResultAsync<readonly Result<City, AddCityError>[], ItemsRefused<AddCityError> | RepositoryError> {
    return this.#writes.addMany(cities, options);
  }

  update(
    city: City,
  ): ResultAsync<City, CityNotFound | CityExists | InvalidTimeZone | StaleVersion | RepositoryError> {
    return this.#writes.update(city).mapErr(this.reads.distrustAfterConflict(anchorsOfCity(city)));
  }

  archiveMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#writes.archiveMany(ids);
  }

  restoreMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#writes.restoreMany(ids);
  }

  delete(id: IdInput<CityId>): ResultAsync<void, CityNotFound | StillReferenced | RepositoryError> {
    return this.#writes.delete(id);
  }
}

const findCity = (cities: CityReader, { id }: EntityEntry<CityId, City>) => cities.find(id);
const cityNotFound = ({ id }: EntityEntry<CityId, City>): CityNotFound => ({ type: 'CityNotFound', id });
