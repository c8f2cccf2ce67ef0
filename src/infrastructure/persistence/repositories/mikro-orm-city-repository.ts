import { ok, Result, type ResultAsync } from 'neverthrow';
import { anchorsOfCity } from '../../../application/caching/anchors.ts';
import type { CityExists, CityNotFound } from '../../../domain/city/city-errors.ts';
import type {
  CityAvailability,
  CityFilter,
  AddCityError,
  CityRepository,
} from '../../../domain/city/city-repository.ts';
import { City, draftCity, type NewCity } from '../../../domain/city/city.ts';
import type { AddManyOptions, ItemsRefused } from '../../../domain/shared/bulk.ts';
import { parseCityId, parseIds, type CityId, type IdInput } from '../../../domain/shared/id.ts';
import { parseOptional } from '../../../domain/shared/filter.ts';
import { Instant, type InstantInput } from '../../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { parseText, textLimits } from '../../../domain/shared/text.ts';
import type {
  CorruptRecord,
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import { cityColumns, cityFromRecord } from '../../records/city-record.ts';
import type { Db } from '../rows/tables.ts';
import { addDistinct } from './add-distinct.ts';
import { decodeAll, onConstraint } from './answers.ts';
import { checkedCity } from './checked-entities.ts';
import { EntityRows, type RepositoryContext } from './entity-rows.ts';
import { availabilityFromRecord, freeSlotsAhead } from './free-slots-ahead.ts';
import { lockBulkWrites } from './lock-bulk-writes.ts';
import { parseAddMany } from './parse-add-many.ts';

const columns = ['id', 'name', 'time_zone', 'active', 'policy', 'version'] as const;

export class MikroOrmCityRepository implements CityRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<City, CityId, CityNotFound>;
  readonly #schema: string;

  constructor(context: RepositoryContext, schema: string) {
    this.#schema = schema;
    this.#session = context.session;
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

  findByName(name: string): ResultAsync<City | undefined, RepositoryError> {
    return parseText(name, 'name', textLimits.name).asyncAndThen((wanted) =>
      this.#session
        .run('cities.findByName', 'read', (db) => selectNamed(db, wanted.trim()).execute())
        .andThen(([first, second]) =>
          first === undefined || (second !== undefined && !first.exact)
            ? ok(undefined)
            : cityFromRecord(first),
        ),
    );
  }

  withAvailability(after?: InstantInput): ResultAsync<readonly CityAvailability[], RepositoryError> {
    return parseOptional(after, (given) => Instant.parse(given, 'after')).asyncAndThen((from) =>
      this.#session
        .run('cities.withAvailability', 'read', (db) => selectWithAvailability(db, from).execute())
        .andThen(decodeAll(cityAvailabilityFromRecord)),
    );
  }

  list({ active }: CityFilter = {}, page?: PageRequest): ResultAsync<Page<City>, RepositoryError> {
    return this.#rows.page((rows) => (active === undefined ? rows : rows.where('active', '=', active)), page);
  }

  getForShare(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id, 'forShare');
  }

  getForUpdate(id: IdInput<CityId>): ResultAsync<City, CityNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id, 'forUpdate');
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

  addMany(
    cities: readonly NewCity[],
    options: AddManyOptions = {},
  ): ResultAsync<readonly Result<City, AddCityError>[], ItemsRefused<AddCityError> | RepositoryError> {
    return parseAddMany(cities, 'cities', options).asyncAndThen((choices) =>
      lockBulkWrites(this.#session, 'cities.addMany', this.#schema).andThen(() =>
        addDistinct(this.#session, this.#rows, cities.map(draftCity), choices, {
          schema: this.#schema,
          table: 'city',
          operation: 'cities.addMany',
          constraint: 'city_name_key',
          taken: nameTaken,
          insert: (db, batch) =>
            db
              .insertInto('city')
              .values(batch.map((draft) => ({ id: draft.id, ...cityColumns(draft) })))
              .onConflict((conflict) => conflict.doNothing())
              .returning(columns)
              .execute(),
          remove: (db, ids) => db.deleteFrom('city').where('id', 'in', ids).execute(),
        }),
      ),
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

/** The city of this name first; of those whose names only begin with it, one more tells that there are several. */
const selectNamed = (db: Db, name: string) =>
  db
    .selectFrom('city')
    .select((eb) => {
      const lowered = eb.fn<string>('lower', ['name']);
      return [...columns, eb(lowered, '=', eb.fn<string>('lower', [eb.val(name)])).as('exact')];
    })
    .where((eb) => {
      const lowered = eb.fn<string>('lower', ['name']);
      const wanted = eb.fn<string>('lower', [eb.val(name)]);
      const begins = eb.fn<boolean>('starts_with', [lowered, wanted]);
      return eb.or([eb(lowered, '=', wanted), eb.and([eb('active', '=', true), eb(begins, '=', true)])]);
    })
    .orderBy('exact', 'desc')
    .orderBy('id')
    .limit(2);

const selectWithAvailability = (db: Db, after: Instant | undefined) =>
  db
    .selectFrom('city')
    .leftJoin(
      freeSlotsAhead(db, after)
        .select((eb) => [
          'slot.city_id',
          eb.fn.countAll().as('free'),
          eb.fn.min('slot.starts_at').as('next_start'),
        ])
        .groupBy('slot.city_id')
        .as('offer'),
      (join) => join.onRef('offer.city_id', '=', 'city.id'),
    )
    .select(columns)
    .select(['offer.free', 'offer.next_start'])
    .where('active', '=', true)
    .orderBy((eb) => eb('offer.free', 'is', null))
    .orderBy('name')
    .orderBy('id');

const cityAvailabilityFromRecord = (record: unknown): Result<CityAvailability, CorruptRecord> =>
  Result.combine([cityFromRecord(record), availabilityFromRecord(record)]).map(([city, availability]) =>
    Object.freeze({ city, ...availability }),
  );

const nameTaken = ({ name }: { readonly name: string }): Readonly<Record<string, CityExists>> => ({
  city_name_key: { type: 'CityExists', name },
});

/** As it will be stored; the same object when it is so already. */
const withActive = (city: City, active: boolean): City =>
  city.active === active ? city : new City({ ...city, active, version: city.version + 1 });
