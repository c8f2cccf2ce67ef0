import type { ResultAsync } from 'neverthrow';
import type { MessageTemplate } from '../../domain/message-template/message-template.ts';
import type { TemplateName } from '../../domain/message-template/template-name.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** What is stored of a text; what is built in is not, so this is what is cached. */
export interface StoredTexts {
  /** The version in use of the city's own text, or else of the text for all cities. */
  inUse(name: TemplateName): ResultAsync<MessageTemplate | undefined, RepositoryError>;
}
