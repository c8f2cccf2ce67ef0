import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  MessageTemplateRepository,
  PublishVersionOptions,
  TemplateFilter,
} from '../../domain/message-template/message-template-repository.ts';
import {
  draftMessageTemplate,
  MessageTemplate,
  type MessageTemplateDraft,
  type NewMessageTemplate,
} from '../../domain/message-template/message-template.ts';
import { resolveTemplate, type ResolvedTemplate } from '../../domain/message-template/resolve-template.ts';
import {
  templateExists,
  type TemplateExists,
  type TemplateNotFound,
} from '../../domain/message-template/template-errors.ts';
import { parseTemplateFilter } from '../../domain/message-template/template-filter.ts';
import {
  parseTemplateName,
  type TemplateName,
  type TemplateNameInput,
} from '../../domain/message-template/template-name.ts';
import {
  parseCityId,
  parseTemplateId,
  type CityId,
  type IdInput,
  type TemplateId,
} from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import type { Tables } from './tables.ts';

export class InMemoryMessageTemplateRepository implements MessageTemplateRepository {
  readonly #rows: InMemoryTable<'templates', TemplateId, TemplateNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable<'templates', TemplateId, TemplateNotFound>(transaction, {
      name: 'templates',
      entity: 'template',
      parseId: parseTemplateId,
      notFound: (id) => ({ type: 'TemplateNotFound', id }),
      withVersion: (template, version) => new MessageTemplate({ ...template, version }),
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
      this.#rows.page('list', page, (template) => matches(template, valid)),
    );
  }

  getForCity(cityId: IdInput<CityId>): ResultAsync<readonly MessageTemplate[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.#rows.select('getForCity', (templates) =>
        templates
          .filter((template) => template.active && template.cityId === valid)
          .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      ),
    );
  }

  resolve(input: TemplateNameInput): ResultAsync<ResolvedTemplate, TemplateNotFound | RepositoryError> {
    return parseTemplateName(input).asyncAndThen((name) =>
      this.#rows
        .select('resolve', (templates) => {
          const inUse = templates.filter(({ active }) => active);
          const own = inUse.find((template) => isOf(template, name));
          return own ?? inUse.find((template) => isOf(template, { ...name, cityId: undefined }));
        })
        .andThen((stored) => resolveTemplate(name, stored)),
    );
  }

  history(input: TemplateNameInput, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError> {
    return parseTemplateName(input).asyncAndThen((name) =>
      this.#rows.page('history', page, (template) => isOf(template, name)),
    );
  }

  add(
    input: NewMessageTemplate,
  ): ResultAsync<MessageTemplate, TemplateExists | CityNotFound | RepositoryError> {
    return draftMessageTemplate(input).asyncAndThen((draft) =>
      this.#rows.insert<TemplateExists | CityNotFound>((statement) =>
        versionsOf(statement.tables, draft).length > 0
          ? err(templateExists(draft))
          : cityIsThere(statement, draft).map(() => newVersion(statement, draft, 1)),
      ),
    );
  }

  publishVersion(
    input: Omit<NewMessageTemplate, 'active'>,
    { basedOn }: PublishVersionOptions = {},
  ): ResultAsync<MessageTemplate, StaleVersion | CityNotFound | RepositoryError> {
    return draftMessageTemplate({ ...input, active: true }).asyncAndThen((draft) =>
      this.#rows.run<MessageTemplate, StaleVersion | CityNotFound>('publishVersion', 'write', (statement) => {
        const latest = versionsOf(statement.tables, draft).at(-1);
        const actual = latest?.version ?? 0;
        if (basedOn !== undefined && basedOn !== actual)
          return err({
            type: 'StaleVersion',
            entity: 'template',
            id: latest?.id ?? 0,
            expected: basedOn,
            actual,
          });
        return cityIsThere(statement, draft).map(() => {
          putOutOfUse(statement, draft);
          return statement.put('templates', newVersion(statement, draft, actual + 1));
        });
      }),
    );
  }

  activate(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#change('activate', id, (template, statement) => {
      putOutOfUse(statement, template);
      return ok(setActive(statement, template, true));
    });
  }

  archive(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#change('archive', id, (template, statement) => ok(setActive(statement, template, false)));
  }

  restore(
    id: IdInput<TemplateId>,
  ): ResultAsync<MessageTemplate, TemplateNotFound | TemplateExists | RepositoryError> {
    return this.#change<TemplateExists>('restore', id, (template, statement) =>
      versionsOf(statement.tables, template).some((other) => other.active && other.id !== template.id)
        ? statement.refuse(templateExists(template))
        : ok(setActive(statement, template, true)),
    );
  }

  #change<E = never>(
    operation: string,
    id: number,
    change: (template: MessageTemplate, statement: Statement) => Result<MessageTemplate, E>,
  ): ResultAsync<MessageTemplate, E | TemplateNotFound | RepositoryError> {
    return parseTemplateId(id).asyncAndThen((valid) =>
      this.#rows.run<MessageTemplate, E | TemplateNotFound>(operation, 'write', (statement) => {
        const template = statement.tables.templates.get(valid);
        return template === undefined
          ? err({ type: 'TemplateNotFound', id: valid })
          : change(template, statement);
      }),
    );
  }
}

const nameOf = ({ key, locale, channel }: TemplateName): string => [key, locale, channel].join(' ');

const isOf = (template: MessageTemplate, name: TemplateName): boolean =>
  nameOf(template) === nameOf(name) && template.cityId === name.cityId;

const matches = (template: MessageTemplate, filter: TemplateFilter): boolean =>
  Object.entries(filter).every(
    ([field, value]) => (template[field as keyof TemplateFilter] ?? null) === value,
  );

/** In the order in which they were written. */
const versionsOf = ({ templates }: Tables, name: TemplateName): readonly MessageTemplate[] =>
  [...templates.values()].filter((template) => isOf(template, name));

const newVersion = (
  { nextId, now }: Statement,
  draft: MessageTemplateDraft,
  version: number,
): MessageTemplate =>
  new MessageTemplate({ ...draft, id: nextId('templates') as TemplateId, version, createdAt: now });

const setActive = (statement: Statement, template: MessageTemplate, active: boolean): MessageTemplate =>
  statement.put('templates', new MessageTemplate({ ...template, active }));

function putOutOfUse(statement: Statement, name: TemplateName): void {
  for (const template of versionsOf(statement.tables, name))
    if (template.active) setActive(statement, template, false);
}

const cityIsThere = ({ tables, refuse }: Statement, { cityId }: TemplateName): Result<void, CityNotFound> =>
  cityId === undefined || tables.cities.has(cityId) ? ok() : refuse({ type: 'CityNotFound', id: cityId });
