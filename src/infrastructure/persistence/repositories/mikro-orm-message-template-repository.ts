import { ok, type Result, type ResultAsync } from 'neverthrow';
import { anchorsOfTemplate } from '../../../application/caching/anchors.ts';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type {
  MessageTemplateRepository,
  PublishVersionOptions,
  TemplateFilter,
} from '../../../domain/message-template/message-template-repository.ts';
import {
  draftMessageTemplate,
  type MessageTemplate,
  type MessageTemplateDraft,
  type NewMessageTemplate,
} from '../../../domain/message-template/message-template.ts';
import { resolveTemplate, type ResolvedTemplate } from '../../../domain/message-template/resolve-template.ts';
import {
  templateExists,
  type TemplateExists,
  type TemplateNotFound,
} from '../../../domain/message-template/template-errors.ts';
import { parseTemplateFilter } from '../../../domain/message-template/template-filter.ts';
import {
  parseTemplateName,
  type TemplateName,
  type TemplateNameInput,
} from '../../../domain/message-template/template-name.ts';
import { fail } from '../../../domain/shared/fail.ts';
import {
  parseCityId,
  parseTemplateId,
  type CityId,
  type IdInput,
  type TemplateId,
} from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../../domain/shared/repository-error.ts';
import { templateColumns, templateFromRecord } from '../../records/template-record.ts';
import type { StoredTexts } from '../../repositories/stored-texts.ts';
import type { Db } from '../rows/tables.ts';
import { decodeOptional, onConstraint } from './answers.ts';
import { EntityRows, type RepositoryContext, type RowQuery } from './entity-rows.ts';

const columns = [
  'id',
  'key',
  'locale',
  'channel',
  'city_id',
  'body',
  'version',
  'active',
  'updated_by',
  'created_at',
] as const;

export class MikroOrmMessageTemplateRepository implements MessageTemplateRepository, StoredTexts {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<MessageTemplate, TemplateId, TemplateNotFound>;

  constructor(context: RepositoryContext) {
    this.#session = context.session;
    this.#rows = new EntityRows<MessageTemplate, TemplateId, TemplateNotFound>(context, {
      name: 'templates',
      entity: 'template',
      parseId: parseTemplateId,
      notFound: (id) => ({ type: 'TemplateNotFound', id }),
      select: (db) => db.selectFrom('message_template').select(columns),
      remove: (db, id) => db.deleteFrom('message_template').where('id', '=', id),
      decode: templateFromRecord,
      anchors: anchorsOfTemplate,
    });
  }

  get(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<TemplateId>): ResultAsync<MessageTemplate | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(
    ids: readonly IdInput<TemplateId>[],
  ): ResultAsync<ReadonlyMap<TemplateId, MessageTemplate>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  list(filter?: TemplateFilter, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError> {
    return parseTemplateFilter(filter).asyncAndThen((valid) =>
      this.#rows.page((rows) => matching(rows, valid), page),
    );
  }

  getForCity(cityId: IdInput<CityId>): ResultAsync<readonly MessageTemplate[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.#rows.all('getForCity', (rows) =>
        matching(rows, { cityId: valid, active: true }).orderBy('key').orderBy('locale').orderBy('channel'),
      ),
    );
  }

  resolve(input: TemplateNameInput): ResultAsync<ResolvedTemplate, TemplateNotFound | RepositoryError> {
    return parseTemplateName(input).asyncAndThen((name) =>
      this.inUse(name).andThen((stored) => resolveTemplate(name, stored)),
    );
  }

  history(name: TemplateNameInput, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError> {
    return parseTemplateName(name).asyncAndThen(({ cityId = null, ...text }) =>
      this.#rows.page((rows) => matching(rows, { ...text, cityId }), page),
    );
  }

  inUse(name: TemplateName): ResultAsync<MessageTemplate | undefined, RepositoryError> {
    const cityIds = name.cityId === undefined ? [ALL_CITIES] : [ALL_CITIES, name.cityId];
    return this.#session
      .run('templates.resolve', 'read', (db) =>
        versionsFor(db, name, cityIds)
          .where('active', '=', true)
          .select(columns)
          // The one without a city comes last.
          .orderBy('city_id')
          .limit(1)
          .executeTakeFirst(),
      )
      .andThen(decodeOptional(templateFromRecord));
  }

  add(
    input: NewMessageTemplate,
  ): ResultAsync<MessageTemplate, TemplateExists | CityNotFound | RepositoryError> {
    return draftMessageTemplate(input).asyncAndThen((draft) =>
      this.#lock(draft)
        .andThen((latest) => (latest === undefined ? ok() : fail(templateExists(draft))))
        .andThen(() =>
          this.#rows.insert('add', (db) => insert(db, draft, 1)).mapErr(onConstraint(cityMissing(draft))),
        ),
    );
  }

  publishVersion(
    input: Omit<NewMessageTemplate, 'active'>,
    { basedOn }: PublishVersionOptions = {},
  ): ResultAsync<MessageTemplate, StaleVersion | CityNotFound | RepositoryError> {
    return draftMessageTemplate({ ...input, active: true }).asyncAndThen((draft) =>
      this.#lock(draft)
        .andThen((latest) => notOvertaken(latest, basedOn))
        .andThen((version) =>
          this.#rows
            .writeAll('publishVersion', async (db) => [
              ...(await putOutOfUse(db, draft)),
              await insert(db, draft, version),
            ])
            .mapErr(onConstraint(cityMissing(draft))),
        )
        .andThen((written) => lastOf(written)),
    );
  }

  activate(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#locked(id).andThen((template) =>
      this.#rows
        .writeAll('activate', async (db) => [
          ...(await putOutOfUse(db, template)),
          ...(await setActive(db, template.id, true)),
        ])
        .andThen((written) => lastOf(written)),
    );
  }

  archive(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#locked(id).andThen((template) =>
      this.#rows
        .writeAll('archive', (db) => setActive(db, template.id, false))
        .andThen((written) => lastOf(written)),
    );
  }

  restore(
    id: IdInput<TemplateId>,
  ): ResultAsync<MessageTemplate, TemplateNotFound | TemplateExists | RepositoryError> {
    return this.#locked(id).andThen((template) =>
      this.#rows
        .writeAll('restore', (db) => setActive(db, template.id, true))
        .mapErr(onConstraint({ message_template_one_active: templateExists(template) }))
        .andThen((written) => lastOf(written)),
    );
  }

  /** What a version is the text of never changes, so it is known before those who write this text are waited for. */
  #locked(id: number): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#rows.get(id).andThen((template) => this.#lock(template).map(() => template));
  }

  /** Waits for everybody who writes this text; answers its latest version, if there is any. */
  #lock(name: TemplateName): ResultAsync<LatestVersion | undefined, RepositoryError> {
    return this.#session.run('templates.lock', 'write', async (db) => {
      await db
        .selectNoFrom((eb) => {
          const text = [name.key, name.locale, name.channel, name.cityId ?? ALL_CITIES].join(' ');
          const number = eb.fn('hashtextextended', [eb.val(`message template ${text}`), eb.lit(0)]);
          return eb.fn<unknown>('pg_advisory_xact_lock', [number]).as('locked');
        })
        .execute();
      return versionsOf(db, name)
        .select(['id', 'version'])
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
    });
  }
}

/** Stands for all cities where the indexes need a number. */
const ALL_CITIES = 0;

const versionsFor = (db: Db, { key, locale, channel }: TemplateName, cityIds: readonly number[]) =>
  db
    .selectFrom('message_template')
    .where('key', '=', key)
    .where('locale', '=', locale)
    .where('channel', '=', channel)
    // As the unique indexes have it, so that they can be used.
    .where((eb) => eb(eb.fn.coalesce('city_id', eb.lit(ALL_CITIES)), 'in', cityIds));

const versionsOf = (db: Db, name: TemplateName) => versionsFor(db, name, [name.cityId ?? ALL_CITIES]);

interface LatestVersion {
  readonly id: number;
  readonly version: number;
}

/** The number of the next version, unless the text that it was written from has been followed by another one. */
function notOvertaken(
  latest: LatestVersion | undefined,
  basedOn: number | undefined,
): Result<number, StaleVersion> {
  const actual = latest?.version ?? 0;
  return basedOn === undefined || basedOn === actual
    ? ok(actual + 1)
    : fail({
        type: 'StaleVersion',
        entity: 'template',
        id: Number(latest?.id ?? 0),
        expected: basedOn,
        actual,
      });
}

const matching = (rows: RowQuery, filter: TemplateFilter): RowQuery =>
  Object.entries(filter).reduce((found, [name, value]) => {
    const column = name === 'cityId' ? 'city_id' : name;
    return found.where(column, value === null ? 'is' : '=', value);
  }, rows);

const insert = (db: Db, draft: MessageTemplateDraft, version: number): Promise<unknown> =>
  db
    .insertInto('message_template')
    .values({ ...templateColumns(draft), version })
    .returning(columns)
    .executeTakeFirstOrThrow();

const putOutOfUse = (db: Db, name: TemplateName): Promise<readonly unknown[]> =>
  db
    .updateTable('message_template')
    .set({ active: false })
    .where('active', '=', true)
    .where('id', 'in', versionsOf(db, name).select('id'))
    .returning(columns)
    .execute();

const setActive = (db: Db, id: TemplateId, active: boolean): Promise<readonly unknown[]> =>
  db.updateTable('message_template').set({ active }).where('id', '=', id).returning(columns).execute();

const cityMissing = ({ cityId }: TemplateName): Readonly<Record<string, CityNotFound>> =>
  cityId === undefined ? {} : { message_template_city_fk: { type: 'CityNotFound', id: cityId } };

/** The version that was written for; others went out of use before it. */
const lastOf = (written: readonly MessageTemplate[]): Result<MessageTemplate, never> =>
  ok(written[written.length - 1] as MessageTemplate);
