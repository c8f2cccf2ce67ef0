import type { ResultAsync } from 'neverthrow';
import type { CityNotFound } from '../city/city-errors.ts';
import type { CityId, IdInput, TemplateId } from '../shared/id.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion } from '../shared/repository-error.ts';
import type { MessageTemplate, NewMessageTemplate } from './message-template.ts';
import type { ResolvedTemplate } from './resolve-template.ts';
import type { TemplateChannel } from './template-channel.ts';
import type { TemplateExists, TemplateNotFound } from './template-errors.ts';
import type { TemplateNameInput } from './template-name.ts';

export interface TemplateFilter {
  readonly key?: string;
  readonly locale?: string;
  readonly channel?: TemplateChannel;
  /** `null` for the texts of all cities. */
  readonly cityId?: IdInput<CityId> | null;
  readonly active?: boolean;
}

/** Reads of message templates, cached where the composition says so; histories never are. */
export interface MessageTemplateReader {
  get(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError>;
  find(id: IdInput<TemplateId>): ResultAsync<MessageTemplate | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(
    ids: readonly IdInput<TemplateId>[],
  ): ResultAsync<ReadonlyMap<TemplateId, MessageTemplate>, RepositoryError>;
  /** By ascending id. */
  list(filter?: TemplateFilter, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError>;
  /** The texts of its own that the city uses, by key, locale and channel. */
  getForCity(cityId: IdInput<CityId>): ResultAsync<readonly MessageTemplate[], RepositoryError>;
  /**
   * The text that is to be sent: the version in use of the city's own, else of the one for all cities, else what the SDK
   * says in English or Russian. Locales are not exchanged for others, except that built-in texts go by language.
   */
  resolve(name: TemplateNameInput): ResultAsync<ResolvedTemplate, TemplateNotFound | RepositoryError>;
  /** Every version of one text, the oldest first. */
  history(name: TemplateNameInput, page?: PageRequest): ResultAsync<Page<MessageTemplate>, RepositoryError>;
}

export interface PublishVersionOptions {
  /** The version the new one was written from: `StaleVersion` when there is a later one by now. */
  readonly basedOn?: number;
}

/** Texts are never changed or deleted: what was sent can be looked up. Those who write one text wait for each other. */
export interface MessageTemplateRepository extends MessageTemplateReader {
  /** Stores the first version of a text. */
  add(
    template: NewMessageTemplate,
  ): ResultAsync<MessageTemplate, TemplateExists | CityNotFound | RepositoryError>;
  /** Stores the next version of a text, the first one if there is none, and puts it in the place of the one in use. */
  publishVersion(
    template: Omit<NewMessageTemplate, 'active'>,
    options?: PublishVersionOptions,
  ): ResultAsync<MessageTemplate, StaleVersion | CityNotFound | RepositoryError>;
  /** Puts this version in the place of the one in use. */
  activate(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError>;
  /** Takes this version out of use; the next wider text takes its place. */
  archive(id: IdInput<TemplateId>): ResultAsync<MessageTemplate, TemplateNotFound | RepositoryError>;
  /** Takes this version into use again, unless another one is by now. */
  restore(
    id: IdInput<TemplateId>,
  ): ResultAsync<MessageTemplate, TemplateNotFound | TemplateExists | RepositoryError>;
}
