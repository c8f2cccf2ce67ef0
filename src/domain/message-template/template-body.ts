import { ok, type Result } from 'neverthrow';
import { parseText, textLimits } from '../shared/text.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';

/** A piece of a body: text that stands as it is, or the place of a variable. */
export type BodyPart = { readonly text: string } | { readonly variable: string };

/** Doubled braces stand for themselves; a single one must begin or end a placeholder. */
const token = /\{\{|\}\}|\{([A-Za-z0-9_]{1,64})\}|[{}]/g;

/**
 * Cuts a body into text and placeholders. A placeholder is `{name}`, of letters, digits and underscores; `{{` and `}}` are
 * braces as text. Any other brace is refused: it is a placeholder that somebody has mistyped.
 */
export function partsOf(body: string, field = 'body'): Result<readonly BodyPart[], ValidationError> {
  const parts: BodyPart[] = [];
  let text = '';
  let from = 0;
  for (const match of body.matchAll(token)) {
    const [found, variable] = match;
    text += body.slice(from, match.index);
    from = match.index + found.length;
    if (variable !== undefined) {
      if (text !== '') parts.push({ text });
      parts.push({ variable });
      text = '';
    } else if (found.length === 2) text += found.charAt(0);
    else
      return invalid(
        field,
        `has a brace at ${match.index} that is no placeholder; write it twice to show it`,
      );
  }
  text += body.slice(from);
  if (text !== '') parts.push({ text });
  return ok(parts);
}

/** Checks a body as it is checked before it is stored; answers it as it came. */
export const parseBody = (body: string, field = 'body'): Result<string, ValidationError> =>
  parseText(body, field, textLimits.templateBody).andThen((valid) => partsOf(valid, field).map(() => valid));

/** The variables a list of parts asks for, in the order of their first place. */
export const variablesOf = (parts: readonly BodyPart[]): readonly string[] => [
  ...new Set(parts.flatMap((part) => ('variable' in part ? [part.variable] : []))),
];
