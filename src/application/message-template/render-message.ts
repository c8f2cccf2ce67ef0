import type { ResultAsync } from 'neverthrow';
import { renderTemplate, type TemplateVariables } from '../../domain/message-template/render-template.ts';
import type { ResolvedTemplate } from '../../domain/message-template/resolve-template.ts';
import type { MissingVariable, TemplateNotFound } from '../../domain/message-template/template-errors.ts';
import type { TemplateNameInput } from '../../domain/message-template/template-name.ts';
import { parseObject } from '../../domain/shared/input.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Readers } from '../readers.ts';
import type { UseCaseOptions } from '../use-case.ts';

/** A message that is to be sent. */
export interface RenderMessage extends TemplateNameInput {
  /** What takes the places of the placeholders; none when left out. Escaped for the channel. */
  readonly variables?: TemplateVariables | undefined;
}

/** A text that is ready to be sent, and which version of what it was made from. */
export interface RenderedMessage extends Omit<ResolvedTemplate, 'body'> {
  readonly text: string;
}

export type RenderMessageError = TemplateNotFound | MissingVariable | RepositoryError;

/**
 * Writes a message: resolves its text through the cache, city first, and fills in the placeholders. Reads only; a unit of
 * work is for texts that it has written itself.
 */
export const renderMessage =
  (read: Pick<Readers, 'templates'>) =>
  (message: RenderMessage, { uow }: UseCaseOptions = {}): ResultAsync<RenderedMessage, RenderMessageError> =>
    parseObject(message, 'message')
      .andThen(({ variables = {} }) => parseObject(variables, 'variables'))
      .asyncAndThen((variables) =>
        (uow ?? read).templates
          .resolve(message)
          .andThen(({ body, ...template }) =>
            renderTemplate({ ...template, body }, variables).map((text) => ({ ...template, text })),
          ),
      );
