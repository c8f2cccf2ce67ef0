import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import type { CityExists, CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  CityAvailability,
  CityFilter,
  AddCityError,
  CityRepository,
} from '../../domain/city/city-repository.ts';
import { City, draftCity, type NewCity } from '../../domain/city/city.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import { parseCityId, type CityId, type IdInput } from '../../domain/shared/id.ts';
import { parseOptional } from '../../domain/shared/filter.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import { parseText, textLimits } from '../../domain/shared/text.ts';
import { freeSlots } from '../../domain/slot/free-slots.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { checkedCity } from '../../infrastructure/persistence/repositories/checked-entities.ts';
import { parseAddMany } from '../../infrastructure/persistence/repositories/parse-add-many.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { availabilityOf, offerable } from './offerable.ts';
import { byName } from './order.ts';
import { someOther, type Tables } from './tables.ts';

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

  findByName(name: string): ResultAsync<City | undefined, RepositoryError> {
    return parseText(name, 'name', textLimits.name).asyncAndThen((wanted) =>
      this.#rows.select('findByName', (cities) => named(cities, wanted.toLowerCase())),
    );
  }

  withAvailability(after?: InstantInput): ResultAsync<readonly CityAvailability[], RepositoryError> {
    return parseOptional(after, (given) => Instant.parse(given, 'after')).asyncAndThen((from) =>
      this.#rows.run('withAvailability', 'read', ({ tables, now }) => {
        const free = freeSlots(offerable(tables), now, from);
        const all = [...tables.cities.values()]
          .filter(({ active }) => active)
          .map((city) => ({ city, ...availabilityOf(free.filter(({ cityId }) => cityId === city.id)) }));
        return ok(all.sort((a, b) => availableFirst(a, b) || byName(a.city, b.city)));
      }),
    );
  }

  list(filter: CityFilter = {}, page?: PageRequest): ResultAsync<Page<City>, RepositoryError> {
    return this.#rows.page('list', page, (city) => (filter.active ?? city.active) === city.active);
  }

  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id);
  }

  getForUpdate(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
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

  addMany(
    cities: readonly NewCity[],
    options: AddManyOptions = {},
  ): ResultAsync<readonly Result<City, AddCityError>[], ItemsRefused<AddCityError> | RepositoryError> {
    return parseAddMany(cities, 'cities', options).asyncAndThen(({ onConflict }) =>
      this.#rows.insertMany<NewCity, AddCityError>(cities, onConflict, (input, tables, nextId) =>
        draftCity(input).andThen((draft): Result<City, AddCityError> => {
          const conflict = conflictOfName(tables, draft.name);
          return conflict === undefined
            ? ok(new City({ ...draft, id: nextId(), version: 1 }))
            : err(conflict);
        }),
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
      ({ recruiters, slots, templates, blockedPeriods, waitlist }, cityId) =>
        someOther(templates, undefined, (template) => template.cityId === cityId) ||
        someOther(recruiters, undefined, (recruiter) => recruiter.worksIn(cityId)) ||
        someOther(blockedPeriods, undefined, (period) => period.cityId === cityId) ||
        someOther(slots, undefined, (slot) => slot.cityId === cityId) ||
        someOther(waitlist, undefined, (entry) => entry.cityId === cityId),
    );
  }
}

function named(cities: readonly City[], wanted: string): City | undefined {
  const [first, ...others] = cities.filter(
    ({ name, active }) => active && name.toLowerCase().startsWith(wanted),
  );
  return (
    cities.find(({ name }) => name.toLowerCase() === wanted) ?? (others.length === 0 ? first : undefined)
  );
}

const availableFirst = (a: CityAvailability, b: CityAvailability): number =>
  Number(b.count > 0) - Number(a.count > 0);

function nameIsFree({ tables, refuse }: Statement, name: string, own?: CityId): Result<void, CityExists> {
  const conflict = conflictOfName(tables, name, own);
  return conflict === undefined ? ok() : refuse(conflict);
}

function conflictOfName(
  { cities }: Pick<Tables, 'cities'>,
  name: string,
  own?: CityId,
): CityExists | undefined {
  const taken = someOther(cities, own, (city) => city.name.toLowerCase() === name.toLowerCase());
  return taken ? { type: 'CityExists', name } : undefined;
}
