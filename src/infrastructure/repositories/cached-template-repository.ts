import { errAsync, type ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type {
  MessageTemplateReader,
  MessageTemplateRepository,
  PublishVersionOptions,
  TemplateFilter,
} from '../../domain/message-template/message-template-repository.ts';
import type { MessageTemplate, NewMessageTemplate } from '../../domain/message-template/message-template.ts';
import { resolveTemplate, type ResolvedTemplate } from '../../domain/message-template/resolve-template.ts';
import type { TemplateExists, TemplateNotFound } from '../../domain/message-template/template-errors.ts';
import { parseTemplateFilter } from '../../domain/message-template/template-filter.ts';
import { parseTemplateName, type TemplateNameInput } from '../../domain/message-template/template-name.ts';
import {
  parseCityId,
  parseIds,
  parseTemplateId,
  type CityId,
  type IdInput,
  type TemplateId,
} from '../../domain/shared/id.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { templateCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries, type EntityEntry } from './cache-entries.ts';
import type { CachedReads } from './cached-reads.ts';
import type { StoredTexts } from './stored-texts.ts';

type Stored = MessageTemplateReader & StoredTexts;

/** Message templates read through the cache; histories never are. */
export class CachedTemplateReader implements MessageTemplateReader, Peek<TemplateId, MessageTemplate> {
  protected readonly reads: CachedReads<Stored>;
  readonly #entries: CacheEntries;
  readonly #uncached: MessageTemplateReader;

  constructor(reads: CachedReads<Stored>, entries: CacheEntries, uncached: MessageTemplateReader) {
    this.reads = reads;
    this.#entries = entries;
    this.#uncached = uncached;
  }

  get(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    const entry = this.#entries.template.of(id);
    return entry.isOk()
      ? this.reads.require(entry.value, findTemplate, templateNotFound)
      : errAsync(entry.error);
  }

  find(id: IdInput<TemplateId>): ResultAsync<MessageTemplate | undefined, RepositoryError> {
    return this.#entries.template
      .of(id)
      .asyncAndThen((entry) => this.reads.read(entry, (templates) => templates.find(entry.id)));
  }

  peek(id: IdInput<TemplateId>): MessageTemplate | undefined {
    const entry = this.#entries.template.of(id);
    return entry.isOk() ? this.reads.peek(entry.value) : undefined;
  }

  getMany(
    ids: readonly IdInput<TemplateId>[],
  ): ResultAsync<ReadonlyMap<TemplateId, MessageTemplate>, RepositoryError> {
    return parseIds(parseTemplateId, ids).asyncAndThen((valid) =>
      this.reads.readMany(this.#entries.template.at(valid), (templates, missing) =>
        templates.getMany(missing),
      ),
    );
  }

  list(filter?: TemplateFilter, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError> {
    return parseTemplateFilter(filter).asyncAndThen((valid) =>
      parsePageById(page).asyncAndThen((position) =>
        this.reads.read(
          entryOf(this.#entries.policies.templateList, templateCodecs.page, { ...valid, ...position }),
          (templates) => templates.list(valid, page),
        ),
      ),
    );
  }

  getForCity(cityId: IdInput<CityId>): ResultAsync<readonly MessageTemplate[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.reads.read(
        entryOf(this.#entries.policies.templatesOfCity, templateCodecs.list, valid),
        (templates) => templates.getForCity(valid),
      ),
    );
  }

  resolve(input: TemplateNameInput): ResultAsync<ResolvedTemplate, TemplateNotFound | RepositoryError> {
    return parseTemplateName(input).asyncAndThen((name) =>
      this.reads
        .read(entryOf(this.#entries.policies.resolvedTemplate, templateCodecs.one, name), (templates) =>
          templates.inUse(name),
        )
        .andThen((stored) => resolveTemplate(name, stored)),
    );
  }

  history(name: TemplateNameInput, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError> {
    return this.#uncached.history(name, page);
  }
}

/** The same inside a unit of work, with the writes of the repository behind it. */
export class CachedTemplateRepository extends CachedTemplateReader implements MessageTemplateRepository {
  readonly #writes: MessageTemplateRepository;

  constructor(reads: CachedReads<Stored>, entries: CacheEntries, writes: MessageTemplateRepository) {
    super(reads, entries, writes);
    this.#writes = writes;
  }

  add(
    template: NewMessageTemplate,
  ): ResultAsync<MessageTemplate, TemplateExists | CityNotFound | RepositoryError> {
    return this.#writes.add(template);
  }

  publishVersion(
    template: Omit<NewMessageTemplate, 'active'>,
    options?: PublishVersionOptions,
  ): ResultAsync<MessageTemplate, StaleVersion | CityNotFound | RepositoryError> {
    return this.#writes.publishVersion(template, options);
  }

  activate(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#writes.activate(id);
  }

  archive(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError> {
    return this.#writes.archive(id);
  }

  restore(
    id: IdInput<TemplateId>,
  ): ResultAsync<MessageTemplate, TemplateNotFound | TemplateExists | RepositoryError> {
    return this.#writes.restore(id);
  }
}

const findTemplate = (templates: Stored, { id }: EntityEntry<TemplateId, MessageTemplate>) =>
  templates.find(id);

const templateNotFound = ({ id }: EntityEntry<TemplateId, MessageTemplate>): TemplateNotFound => ({
  type: 'TemplateNotFound',
  id,
});
