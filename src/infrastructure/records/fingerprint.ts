import { createHash } from 'node:crypto';

/** SHA-256 of what a command was given. The order of fields and the kind of object a time comes in do not count. */
export const fingerprintOf = (operation: string, input: unknown): string =>
  sha256(JSON.stringify([operation, canonical(input)]));

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function canonical(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return { at: value.getTime() };
  const { epochMilliseconds: at } = value as { readonly epochMilliseconds?: unknown };
  if (typeof at === 'number') return { at };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, field]) => [name, canonical(field)]),
  );
}
