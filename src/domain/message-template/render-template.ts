import { ok, Result } from 'neverthrow';
import { fail } from '../shared/fail.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import type { ResolvedTemplate } from './resolve-template.ts';
import { partsOf, variablesOf } from './template-body.ts';
import { escapeFor } from './template-channel.ts';
import type { MissingVariable } from './template-errors.ts';

/** What takes the places of the placeholders; text may come from anybody. */
export type TemplateVariables = Readonly<Record<string, string | number | bigint>>;

/**
 * A body with its placeholders filled in. The body is the work of its author and stays as it is, markup included; values
 * are escaped, so that the channel shows each of them as exactly this text. Values nobody asked for are left alone.
 */
export const renderTemplate = (
  { key, channel, body }: Pick<ResolvedTemplate, 'key' | 'channel' | 'body'>,
  variables: TemplateVariables,
): Result<string, MissingVariable | ValidationError> =>
  partsOf(body).andThen((parts) => {
    const asked = variablesOf(parts);
    // A name such as `constructor` must not find what every object has.
    const missing = asked.filter((name) => !Object.hasOwn(variables, name) || variables[name] === undefined);
    if (missing.length > 0) return fail({ type: 'MissingVariable', key, variables: missing });
    return Result.combine(asked.map((name) => textOf(name, variables[name]))).map((texts) => {
      const values = new Map(asked.map((name, index) => [name, escapeFor(channel, texts[index] ?? '')]));
      return parts.map((part) => ('text' in part ? part.text : values.get(part.variable))).join('');
    });
  });

const textOf = (name: string, value: unknown): Result<string, ValidationError> =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? ok(String(value))
    : invalid(`variables.${name}`, 'must be text or a number');
