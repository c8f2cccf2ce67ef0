import { err, ok, Result } from 'neverthrow';
import type { Call, FromCall } from './call.ts';
import { escaped } from './key-text.ts';

type Piece = (call: Call) => Result<string, string>;

/**
 * Reads a template once: `{arg1}` is the first argument, `{arg1.id}` a property of it, `{self.region}` one of the object
 * the method is called on. What is filled in is escaped, so it stays in its place. Everything in braces must resolve to
 * a text, a number, a bigint, a boolean or something that is a text or number as JSON, such as a date.
 */
export function parseTemplate(template: string): FromCall<string> {
  const pieces = Array.from(
    template.matchAll(/\{([^{}]*)\}|([{}])|[^{}]+/g),
    ([whole, path, brace]): Piece => {
      if (brace !== undefined) return () => err(brace);
      return path === undefined ? () => ok(whole) : placeholder(path);
    },
  );
  return (call) =>
    Result.combine(pieces.map((piece) => piece(call)))
      .map((texts) => texts.join(''))
      .mapErr((unresolved) => ({ type: 'UnresolvedPlaceholder', template, placeholder: unresolved }));
}

function placeholder(path: string): Piece {
  const [root = '', ...properties] = path.split('.');
  const position = /^arg([1-9]\d*)$/.exec(root)?.[1];
  if (position === undefined && root !== 'self') return () => err(path);
  return ({ self, args }) => {
    const start = position === undefined ? self : args[Number(position) - 1];
    const found = scalar(properties.reduce(propertyOf, start));
    return found === undefined ? err(path) : ok(escaped(found));
  };
}

const propertyOf = (value: unknown, name: string): unknown =>
  value === null || value === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[name];

function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return undefined;
  if (typeof value.toJSON !== 'function') return undefined;
  const plain: unknown = value.toJSON();
  return typeof plain === 'string' || typeof plain === 'number' ? String(plain) : undefined;
}
