import { ok, type Result } from 'neverthrow';
import { fail } from '../shared/fail.ts';
import type { TemplateId } from '../shared/id.ts';
import { builtInBody } from './built-in-texts.ts';
import type { MessageTemplate } from './message-template.ts';
import type { TemplateNotFound } from './template-errors.ts';
import type { TemplateName } from './template-name.ts';

/** The text that a name stands for. */
export interface ResolvedTemplate extends TemplateName {
  readonly body: string;
  /** Whose text it is: the city's, the one for all cities, or the SDK's. */
  readonly source: 'city' | 'default' | 'built-in';
  /** The stored version; unset for what is built in. */
  readonly templateId: TemplateId | undefined;
  readonly version: number | undefined;
}

/** @param stored the version in use of the city's own text, or else of the text for all cities */
export function resolveTemplate(
  name: TemplateName,
  stored: MessageTemplate | undefined,
): Result<ResolvedTemplate, TemplateNotFound> {
  if (stored !== undefined) {
    const { id, body, version, cityId } = stored;
    const source = cityId === undefined ? 'default' : 'city';
    return ok({ ...name, body, source, templateId: id, version });
  }
  const body = builtInBody(name);
  return body === undefined
    ? fail({ type: 'TemplateNotFound', ...name })
    : ok({ ...name, body, source: 'built-in', templateId: undefined, version: undefined });
}
