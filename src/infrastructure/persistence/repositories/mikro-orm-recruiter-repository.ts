import { err, ok, Result, type ResultAsync } from 'neverthrow';
import { anchorsOfRecruiter } from '../../../application/caching/anchors.ts';
import type { TelegramIdTaken } from '../../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../../domain/recruiter/recruiter-errors.ts';
import {
  parseFreeSlotQuestion,
  type FreeSlotQuestion,
} from '../../../domain/recruiter/free-slot-question.ts';
import type {
  AddRecruiterError,
  FreeSlotFilter,
  RecruiterFilter,
  RecruiterRepository,
} from '../../../domain/recruiter/recruiter-repository.ts';
import {
  draftRecruiter,
  Recruiter,
  type NewRecruiter,
  type RecruiterDraft,
} from '../../../domain/recruiter/recruiter.ts';
import type { AddManyOptions, ItemsRefused } from '../../../domain/shared/bulk.ts';
import {
  parseCityId,
  parseIds,
  parseRecruiterId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { parseTelegramId } from '../../../domain/shared/telegram-id.ts';
import { notAvailable, type Availability } from '../../../domain/slot/availability.ts';
import type {
  CorruptRecord,
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import { recruiterColumns, recruiterFromRecord } from '../../records/recruiter-record.ts';
import { readRecord } from '../../records/record-reader.ts';
import { rawRows } from '../raw-rows.ts';
import type { Db } from '../rows/tables.ts';
import { addDistinct, type Numbered } from './add-distinct.ts';
import { onConstraint } from './answers.ts';
import { checkedRecruiter } from './checked-entities.ts';
import { EntityRows, type RepositoryContext, type RowQuery } from './entity-rows.ts';
import { existingIds } from './existing-ids.ts';
import { availabilityFromRecord, freeSlotsAhead } from './free-slots-ahead.ts';
import { lockBulkWrites } from './lock-bulk-writes.ts';
import { parseAddMany } from './parse-add-many.ts';

const columns = ['id', 'name', 'time_zone', 'telegram_chat_id', 'active', 'policy', 'version'] as const;

export class MikroOrmRecruiterRepository implements RecruiterRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<Recruiter, RecruiterId, RecruiterNotFound>;
  readonly #schema: string;

  constructor(context: RepositoryContext, schema: string) {
    this.#schema = schema;
    this.#session = context.session;
    this.#rows = new EntityRows(context, {
      name: 'recruiters',
      entity: 'recruiter',
      parseId: parseRecruiterId,
      notFound: (id) => ({ type: 'RecruiterNotFound', id }),
      select: selectRecruiters,
      composite: true,
      remove: (db, id) => db.deleteFrom('recruiter').where('id', '=', id),
      decode: recruiterFromRecord,
      anchors: anchorsOfRecruiter,
    });
  }

  get(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<RecruiterId>): ResultAsync<Recruiter | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<ReadonlyMap<RecruiterId, Recruiter>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  getActive(): ResultAsync<readonly Recruiter[], RepositoryError> {
    return this.#rows.all('getActive', activeByName);
  }

  getByCity(cityId: IdInput<CityId>): ResultAsync<readonly Recruiter[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.#rows.all('getByCity', (rows, db) => activeByName(worksIn(rows, db, valid))),
    );
  }

  findByTelegramChatId(
    chatId: string | number | bigint,
  ): ResultAsync<Recruiter | undefined, RepositoryError> {
    return parseTelegramId(chatId, 'chatId', { allowNegative: true }).asyncAndThen((valid) =>
      this.#rows.one('findByTelegramChatId', 'read', (rows) => rows.where('telegram_chat_id', '=', valid)),
    );
  }

  freeSlotSummary(
    ids: readonly IdInput<RecruiterId>[],
    filter?: FreeSlotFilter,
  ): ResultAsync<ReadonlyMap<RecruiterId, Availability>, RepositoryError> {
    return parseFreeSlotQuestion(ids, filter).asyncAndThen((question) =>
      this.#session
        .run('recruiters.freeSlotSummary', 'read', (db) => countFree(db, question).execute())
        .andThen((rows) => Result.combine(rows.map(summaryFromRecord)))
        .map((found) => new Map([...question.ids.map((id) => [id, notAvailable] as const), ...found])),
    );
  }

  list(
    { active, cityId }: RecruiterFilter = {},
    page?: PageRequest,
  ): ResultAsync<Page<Recruiter>, RepositoryError> {
    const inState = (rows: RowQuery): RowQuery =>
      active === undefined ? rows : rows.where('active', '=', active);
    return cityId === undefined
      ? this.#rows.page(inState, page)
      : parseCityId(cityId).asyncAndThen((valid) =>
          this.#rows.page((rows, db) => inState(worksIn(rows, db, valid)), page),
        );
  }

  getForShare(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id, 'forShare');
  }

  getForUpdate(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id, 'forUpdate');
  }

  add(
    input: NewRecruiter,
  ): ResultAsync<Recruiter, CityNotFound | TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return draftRecruiter(input).asyncAndThen((draft) =>
      this.#rows
        .insert('add', async (db) => {
          const row = await db
            .insertInto('recruiter')
            .values(recruiterColumns(draft))
            .returning(columns)
            .executeTakeFirstOrThrow();
          await linkCities(db, row.id, draft.cityIds);
          return { ...row, city_ids: draft.cityIds };
        })
        .mapErr((error) => onConstraint(conflicts(draft, error))(error)),
    );
  }

  addMany(
    recruiters: readonly NewRecruiter[],
    options: AddManyOptions = {},
  ): ResultAsync<
    readonly Result<Recruiter, AddRecruiterError>[],
    ItemsRefused<AddRecruiterError> | RepositoryError
  > {
    return parseAddMany(recruiters, 'recruiters', options).asyncAndThen((choices) =>
      lockBulkWrites(this.#session, 'recruiters.addMany', this.#schema)
        .andThen(() => this.#withCities(recruiters.map(draftRecruiter)))
        .andThen((drafts) =>
          addDistinct(this.#session, this.#rows, drafts, choices, {
            schema: this.#schema,
            table: 'recruiter',
            operation: 'recruiters.addMany',
            constraint: 'recruiter_telegram_chat_id_key',
            taken: chatTaken,
            insert: (db, batch) => insertDistinct(db, this.#schema, batch),
            remove: (db, ids) => db.deleteFrom('recruiter').where('id', 'in', ids).execute(),
          }),
        ),
    );
  }

  update(
    recruiter: Recruiter,
  ): ResultAsync<
    Recruiter,
    RecruiterNotFound | CityNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  > {
    return checkedRecruiter(recruiter).asyncAndThen((valid) =>
      this.#rows
        .replace(valid, async (db, stored) => {
          const row = await db
            .updateTable('recruiter')
            .set({ ...recruiterColumns(valid), version: valid.version + 1 })
            .where('id', '=', valid.id)
            .returning(columns)
            .executeTakeFirstOrThrow();
          await unlinkCities(db, valid.id, without(stored.cityIds, valid.cityIds));
          await linkCities(db, valid.id, without(valid.cityIds, stored.cityIds));
          return { ...row, city_ids: valid.cityIds };
        })
        .mapErr((error) => onConstraint(conflicts(valid, error))(error)),
    );
  }

  archiveMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#setActive('archiveMany', ids, false);
  }

  restoreMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#setActive('restoreMany', ids, true);
  }

  delete(id: IdInput<RecruiterId>): ResultAsync<void, RecruiterNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id);
  }

  /** A link to a city that is not there would fail the statement for all. */
  #withCities<E>(
    drafts: readonly Result<RecruiterDraft, E>[],
  ): ResultAsync<readonly Result<RecruiterDraft, CityNotFound | E>[], RepositoryError> {
    const linked = drafts.flatMap((draft) => (draft.isOk() ? draft.value.cityIds : []));
    return existingIds(this.#session, 'recruiters.addMany', 'city', linked).map((known) =>
      drafts.map((draft) =>
        draft.andThen((valid): Result<RecruiterDraft, CityNotFound> => {
          const unknown = valid.cityIds.find((id) => !known.has(id));
          return unknown === undefined ? ok(valid) : err({ type: 'CityNotFound', id: unknown });
        }),
      ),
    );
  }

  #setActive(
    operation: string,
    ids: readonly IdInput<RecruiterId>[],
    active: boolean,
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return parseIds(parseRecruiterId, ids).asyncAndThen((valid) =>
      this.#rows.setActive(operation, valid, {
        wanted: (recruiter) => withActive(recruiter, active),
        store: (db, changed) =>
          db
            .updateTable('recruiter')
            .set((eb) => ({ active, version: eb('version', '+', 1) }))
            .where('id', 'in', changed)
            .execute(),
      }),
    );
  }
}

const selectRecruiters = (db: Db) =>
  db.selectFrom('recruiter').select((eb) => [
    ...columns,
    eb
      .selectFrom('recruiter_city')
      .whereRef('recruiter_city.recruiter_id', '=', 'recruiter.id')
      .select((link) => link.fn.agg<unknown>('array_agg', ['recruiter_city.city_id']).as('ids'))
      .as('city_ids'),
  ]);

const countFree = (db: Db, { ids, cityId }: FreeSlotQuestion) =>
  freeSlotsAhead(db)
    .where('slot.recruiter_id', 'in', ids)
    .where((eb) => eb.and(cityId === undefined ? [] : [eb('slot.city_id', '=', cityId)]))
    .select((eb) => [
      'slot.recruiter_id',
      eb.fn.countAll().as('free'),
      eb.fn.min('slot.starts_at').as('next_start'),
    ])
    .groupBy('slot.recruiter_id');

const summaryFromRecord = (record: unknown): Result<readonly [RecruiterId, Availability], CorruptRecord> =>
  readRecord('availability', record, (read) => read.integer('recruiter_id') as RecruiterId).andThen((id) =>
    availabilityFromRecord(record).map((availability) => [id, availability] as const),
  );

const activeByName = (rows: RowQuery): RowQuery =>
  rows.where('active', '=', true).orderBy('name').orderBy('id');

const worksIn = (rows: RowQuery, db: Db, cityId: CityId): RowQuery =>
  rows.where(
    'id',
    'in',
    db.selectFrom('recruiter_city').select('recruiter_id').where('city_id', '=', cityId),
  );

const without = <T>(from: readonly T[], others: readonly T[]): readonly T[] =>
  from.filter((item) => !others.includes(item));

async function linkCities(db: Db, recruiterId: number, cityIds: readonly CityId[]): Promise<void> {
  if (cityIds.length === 0) return;
  await db
    .insertInto('recruiter_city')
    .values(cityIds.map((cityId) => ({ recruiter_id: recruiterId, city_id: cityId })))
    .execute();
}

/** Those whose chat is free, with their cities. */
async function insertDistinct(
  db: Db,
  schema: string,
  batch: readonly Numbered<RecruiterDraft>[],
): Promise<readonly unknown[]> {
  const rows = await db
    .insertInto('recruiter')
    .values(batch.map((draft) => ({ id: draft.id, ...recruiterColumns(draft) })))
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .execute();
  const citiesOf = new Map<number, readonly CityId[]>(batch.map(({ id, cityIds }) => [id, cityIds]));
  const recruiters = rows.map((row) => ({ ...row, city_ids: citiesOf.get(Number(row.id)) ?? [] }));
  const links = recruiters.flatMap(({ id, city_ids }) => city_ids.map((cityId) => [id, cityId] as const));
  // Two lists, since a batch may have more links than a statement may have parameters.
  await rawRows(
    db,
    `insert into "${schema}".recruiter_city (recruiter_id, city_id)
     select * from unnest($1::bigint[], $2::bigint[])`,
    [links.map(([id]) => id), links.map(([, cityId]) => cityId)],
  );
  return recruiters;
}

async function unlinkCities(db: Db, recruiterId: number, cityIds: readonly CityId[]): Promise<void> {
  if (cityIds.length === 0) return;
  await db
    .deleteFrom('recruiter_city')
    .where('recruiter_id', '=', recruiterId)
    .where('city_id', 'in', cityIds)
    .execute();
}

function conflicts(
  { cityIds, telegramChatId }: RecruiterDraft,
  error: { readonly type: string; readonly key?: string },
): Readonly<Record<string, CityNotFound | TelegramIdTaken>> {
  // Which of several cities is missing is in the key that the violation names.
  const cityId = cityIds.find((id) => String(id) === error.key);
  return {
    ...(cityId === undefined ? {} : { recruiter_city_city_fk: { type: 'CityNotFound', id: cityId } }),
    ...chatTaken({ telegramChatId }),
  };
}

const chatTaken = ({
  telegramChatId,
}: Pick<RecruiterDraft, 'telegramChatId'>): Readonly<Record<string, TelegramIdTaken>> =>
  telegramChatId === undefined
    ? {}
    : { recruiter_telegram_chat_id_key: { type: 'TelegramIdTaken', telegramId: telegramChatId } };

/** As it will be stored; the same object when it is so already. */
const withActive = (recruiter: Recruiter, active: boolean): Recruiter =>
  recruiter.active === active
    ? recruiter
    : new Recruiter({ ...recruiter, active, version: recruiter.version + 1 });
