import type { ResultAsync } from 'neverthrow';
import type { TransactionError } from '../../application/ports/unit-of-work.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { MessageTemplate, NewMessageTemplate } from '../../domain/message-template/message-template.ts';
import type { TemplateExists } from '../../domain/message-template/template-errors.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { unique } from './unique.ts';

export type SeedTemplateError = TemplateExists | CityNotFound | RepositoryError | TransactionError;

/** A key that no other seed has. */
export const uniqueKey = (): string =>
  unique('text')
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_');

/** Stores a text in English for all cities and a plain channel, under a key of its own. */
export const seedTemplate = (
  sdk: Slotwise,
  overrides: Partial<NewMessageTemplate> = {},
): ResultAsync<MessageTemplate, SeedTemplateError> =>
  sdk.transaction((uow) =>
    uow.templates.add({
      key: uniqueKey(),
      locale: 'en',
      channel: 'plain',
      body: 'Hello, {candidate}!',
      ...overrides,
    }),
  );
