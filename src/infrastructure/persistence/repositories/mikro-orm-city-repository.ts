import type { Result, ResultAsync } from 'neverthrow';
import { anchorsOfCity } from '../../../application/caching/anchors.ts';
import type { CityExists, CityNotFound } from '../../../domain/city/city-errors.ts';
import type { CityFilter, CityRepository } from '../../../domain/city/city-repository.ts';
import { City, draftCity, type NewCity } from '../../../domain/city/city.ts';
import { parseCityId, parseIds, type CityId, type IdInput } from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type {
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import { cityColumns, cityFromRecord } from '../../records/city-record.ts';
import { onConstraint } from './answers.ts';
import { checkedCity } from './checked-entities.ts';
import { EntityRows, type RepositoryContext } from './entity-rows.ts';

const columns = ['id', 'name', 'time_zone', 'active', 'policy', 'version'] as const;

export class MikroOrmCityRepository implements CityRepository {
  readonly #rows: EntityRows<City, CityId, CityNotFound>;

  constructor(context: RepositoryContext) {
    this.#rows = new EntityRows(context, {
      name: 'cities',
      entity: 'city',
      parseId: parseCityId,
      notFound: (id) => ({ type: 'CityNotFound', id }),
      select: (db) => db.selectFrom('city').select(columns),
      remove: (db, id) => db.deleteFrom('city').where('id', '=', id),
      decode: cityFromRecord,
      anchors: anchorsOfCity,
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
    return this.#rows.all('getActive', (rows) =>
      rows.where('active', '=', true).orderBy('name').orderBy('id'),
    );
  }

  list({ active }: CityFilter = {}, page?: PageRequest): ResultAsync<Page<City>, RepositoryError> {
    return this.#rows.page((rows) => (active === undefined ? rows : rows.where('active', '=', active)), page);
  }

  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id, 'forShare');
  }

  add(input: NewCity): ResultAsync<City, CityExists | InvalidTimeZone | RepositoryError> {
    return draftCity(input).asyncAndThen((draft) =>
      this.#rows
        .insert('add', (db) =>
          db.insertInto('city').values(cityColumns(draft)).returning(columns).executeTakeFirstOrThrow(),
        )
        .mapErr(onConstraint(nameTaken(draft))),
    );
  }

  update(
    city: City,
  ): ResultAsync<City, CityNotFound | CityExists | InvalidTimeZone | StaleVersion | RepositoryError> {
    return checkedCity(city).asyncAndThen((valid) =>
      this.#rows
        .replace(valid, (db) =>
          db
            .updateTable('city')
            .set({ ...cityColumns(valid), version: valid.version + 1 })
            .where('id', '=', valid.id)
            .returning(columns)
            .executeTakeFirstOrThrow(),
        )
        .mapErr(onConstraint(nameTaken(valid))),
    );
  }

  archiveMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#setActive('archiveMany', ids, false);
  }

  restoreMany(
    ids: readonly IdInput<CityId>[],
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return this.#setActive('restoreMany', ids, true);
  }

  delete(id: IdInput<CityId>): ResultAsync<void, CityNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id);
  }

  #setActive(
    operation: string,
    ids: readonly IdInput<CityId>[],
    active: boolean,
  ): ResultAsync<readonly Result<City, CityNotFound>[], RepositoryError> {
    return parseIds(parseCityId, ids).asyncAndThen((valid) =>
      this.#rows.setActive(operation, valid, {
        wanted: (city) => withActive(city, active),
        store: (db, changed) =>
          db
            .updateTable('city')
            .set((eb) => ({ active, version: eb('version', '+', 1) }))
            .where('id', 'in', changed)
            .execute(),
      }),
    );
  }
}

const nameTaken = ({ name }: { readonly name: string }): Readonly<Record<string, CityExists>> => ({
  city_name_key: { type: 'CityExists', name },
});

/** As it will be stored; the same object when it is so already. */
const withActive = (city: City, active: boolean): City =>
  city.active === active ? city : new City({ ...city, active, version: city.version + 1 });
