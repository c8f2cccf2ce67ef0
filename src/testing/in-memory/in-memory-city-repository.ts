import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { CityExists, CityNotFound } from '../../domain/city/city-errors.ts';
import type { CityFilter, CityRepository } from '../../domain/city/city-repository.ts';
import { City, draftCity, type NewCity } from '../../domain/city/city.ts';
import { parseCityId, type CityId, type IdInput } from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { checkedCity } from '../../infrastructure/persistence/repositories/checked-entities.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { byName } from './order.ts';
import { someOther } from './tables.ts';

export class InMemoryCityRepository implements CityRepository {
  readonly #rows: InMemoryTable<'cities', CityId, CityNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'cities',
      entity: 'city',
      parseId: parseCityId,
      notFound: (id) => ({ type: 'CityNotFound', id }),
      withVersion: (city, version) => new City({ ...city, version }),
    });
  }

  get(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<CityId>): ResultAsync<City | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(ids: readonly IdInput<CityId>[]): ResultAsync<ReadonlyMap<CityId, City>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  getActive(): ResultAsync<readonly City[], RepositoryError> {
    return this.#rows.select('getActive', (cities) => cities.filter(({ active }) => active).sort(byName));
  }

  list(filter: CityFilter = {}, page?: PageRequest): ResultAsync<Page<City>, RepositoryError> {
    return this.#rows.page('list', page, (city) => (filter.active ?? city.active) === city.active);
  }

  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id);
  }

  add(city: NewCity): ResultAsync<City, CityExists | InvalidTimeZone | RepositoryError> {
    return draftCity(city).asyncAndThen((draft) =>
      this.#rows.insert((statement) =>
        nameIsFree(statement, draft.name).map(
          () => new City({ ...draft, id: statement.nextId('cities') as CityId, version: 1 }),
        ),
      ),
    );
  }

  update(
    city: City,
  ): ResultAsync<City, CityNotFound | CityExists | InvalidTimeZone | StaleVersion | RepositoryError> {
    return checkedCity(city).asyncAndThen((valid) =>
      this.#rows.update(valid, (statement) => nameIsFree(statement, valid.name, valid.id)),
    );
  }

  archiveMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#rows.changeMany('archiveMany', ids, (city) => (city.active ? city.archive() : city));
  }

  restoreMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#rows.changeMany('restoreMany', ids, (city) => (city.active ? city : city.restore()));
  }

  delete(id: IdInput<CityId>): ResultAsync<void, CityNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(
      id,
      ({ recruiters, slots, templates, blockedPeriods }, cityId) =>
        someOther(templates, undefined, (template) => template.cityId === cityId) ||
        someOther(recruiters, undefined, (recruiter) => recruiter.worksIn(cityId)) ||
        someOther(blockedPeriods, undefined, (period) => period.cityId === cityId) ||
        someOther(slots, undefined, (slot) => slot.cityId === cityId),
    );
  }
}

function nameIsFree({ tables, refuse }: Statement, name: string, own?: CityId): Result<void, CityExists> {
  const taken = someOther(tables.cities, own, (city) => city.name.toLowerCase() === name.toLowerCase());
  return taken ? refuse({ type: 'CityExists', name }) : ok();
}
