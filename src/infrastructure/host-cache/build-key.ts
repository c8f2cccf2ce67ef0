import { boundedKey, escaped } from './key-text.ts';

/** What a key can be built from. Objects with `toJSON`, such as `Date` and `Instant`, count as what that answers. */
export type KeyPart =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | { toJSON(): unknown }
  | readonly KeyPart[]
  | { readonly [name: string]: KeyPart };

/**
 * Builds a key: `buildKey('courses', ['list'], { page: 1, instructor: 5 })` is `courses:list:instructor=5&page=1`.
 *
 * The order in which parameters are given does not matter, and one that is `undefined` counts as left out. Apart from
 * that, different inputs never give the same key: `5`, `'5'` and `5n` differ, and no text can reach outside its place.
 * The prefix is one segment, and the family of the key. 200 characters at most: the end of a longer one is replaced by a
 * digest.
 *
 * Throws a `TypeError` for what is no key part, such as a function or a `Map`.
 */
export function buildKey(
  prefix: string,
  parts: readonly KeyPart[] = [],
  params: Readonly<Record<string, KeyPart>> = {},
): string {
  const segments = [text(prefix), ...Array.from(parts, written)];
  const named = fields(params, '&');
  return boundedKey([...segments, ...(named === '' ? [] : [named])].join(':'));
}

function written(part: KeyPart): string {
  if (part === null || part === undefined || typeof part === 'boolean') return String(part);
  if (typeof part === 'string') return quoted(part);
  // Negative zero is zero.
  if (typeof part === 'number') return String(part === 0 ? 0 : part).replace('+', '');
  if (typeof part === 'bigint') return `${part}n`;
  if (typeof part !== 'object') throw new TypeError(`a key cannot be built from a ${typeof part}`);
  if (Array.isArray(part)) return `[${Array.from(part as readonly KeyPart[], written).join()}]`;
  return hasJson(part) ? `@${written(part.toJSON() as KeyPart)}` : `{${fields(plain(part), ',')}}`;
}

const hasJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** Texts that read like another kind of value are marked. */
const quoted = (value: string): string =>
  /^-?\d|^(?:true|false|null|undefined|-?Infinity|NaN)$/.test(value) ? `'${escaped(value)}` : text(value);

const text = (value: string): string => (value === '' ? "'" : escaped(value));

const fields = (values: Readonly<Record<string, KeyPart>>, separator: string): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${text(name)}=${written(value)}`)
    .join(separator);

/** A `Map` or an instance of a class may hold what its fields do not show. */
function plain(value: object): Readonly<Record<string, KeyPart>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return value as Readonly<Record<string, KeyPart>>;
  throw new TypeError(`a key cannot be built from a ${value.constructor.name}`);
}
