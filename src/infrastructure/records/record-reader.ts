import { err, ok, type Result } from 'neverthrow';
import { actorKinds, type Actor } from '../../domain/shared/actor.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';

/**
 * Reads the fields of a stored record. A record is a database row or the data of one in a cache: both have the same field
 * names, but not the same types (a `bigint` column arrives as a string, a number or a bigint; a timestamp as text or as a
 * `Date`, from a cache as milliseconds), so each method accepts every form a field may come in and nothing else.
 */
export class RecordReader {
  readonly #record: Readonly<Record<string, unknown>>;

  constructor(record: unknown) {
    if (typeof record !== 'object' || record === null) throw new UnreadableField('(record)');
    this.#record = record as Readonly<Record<string, unknown>>;
  }

  integer(name: string): number {
    return this.optionalInteger(name) ?? this.#refuse(name);
  }

  optionalInteger(name: string): number | undefined {
    return this.#optional(name, toInteger);
  }

  integers(name: string): readonly number[] {
    const value = this.#record[name] ?? [];
    if (!Array.isArray(value)) return this.#refuse(name);
    return value.map((item) => toInteger(item) ?? this.#refuse(name));
  }

  texts(name: string): readonly string[] {
    const value = this.#record[name];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return this.#refuse(name);
    return value;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#refuse(name);
  }

  optionalText(name: string): string | undefined {
    return this.#optional(name, (value) => (typeof value === 'string' ? value : undefined));
  }

  /** A number too large for a JavaScript integer, kept as its decimal digits. */
  optionalDigits(name: string): string | undefined {
    return this.#optional(name, toDigits);
  }

  flag(name: string): boolean {
    const value = this.#record[name];
    return typeof value === 'boolean' ? value : this.#refuse(name);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.text(name);
    return allowed.find((one) => one === value) ?? this.#refuse(name);
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.optionalText(name) === undefined ? undefined : this.oneOf(name, allowed);
  }

  /** An object that is kept as JSON; a cache and some drivers have parsed it already. */
  json(name: string): Readonly<Record<string, unknown>> {
    const value = this.#record[name];
    const parsed: unknown = typeof value === 'string' ? parseJson(value) : value;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? Object.freeze(parsed as Readonly<Record<string, unknown>>)
      : this.#refuse(name);
  }

  instant(name: string): Instant {
    return this.optionalInstant(name) ?? this.#refuse(name);
  }

  optionalInstant(name: string): Instant | undefined {
    return this.#optional(name, toInstant);
  }

  #optional<T>(name: string, convert: (value: unknown) => T | undefined): T | undefined {
    const value = this.#record[name];
    if (value === null || value === undefined) return undefined;
    return convert(value) ?? this.#refuse(name);
  }

  /** For a field that cannot be what the caller makes of it. */
  refuse(name: string): never {
    return this.#refuse(name);
  }

  #refuse(name: string): never {
    throw new UnreadableField(name);
  }
}

/** Never leaves this file: `readRecord` turns it into an `Err`. */
class UnreadableField extends Error {}

/** Builds an entity from a stored record; a field that is missing or of the wrong kind makes it a `CorruptRecord`. */
export function readRecord<T>(
  entity: string,
  record: unknown,
  build: (reader: RecordReader) => T,
): Result<T, CorruptRecord> {
  try {
    return ok(build(new RecordReader(record)));
  } catch (cause) {
    if (!(cause instanceof UnreadableField)) throw cause;
    return err({ type: 'CorruptRecord', entity, message: `field ${cause.message} is missing or unreadable` });
  }
}

function toDigits(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const digits = String(value);
  return /^-?\d+$/.test(digits) ? digits : undefined;
}

function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  const number = Number(toDigits(value));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A `Date` cannot be further from 1970. */
const LAST_MILLISECOND = 8.64e15;

function toInstant(value: unknown): Instant | undefined {
  const milliseconds = toMilliseconds(value);
  return Number.isInteger(milliseconds) && Math.abs(milliseconds) <= LAST_MILLISECOND
    ? Instant.fromEpochMilliseconds(milliseconds)
    : undefined;
}

/** Understands what we cache (milliseconds) and what rows hold: a `Date`, ISO 8601, `2030-01-07 09:00:00.5+00`. */
function toMilliseconds(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return Number.NaN;
  return Date.parse(value.endsWith('Z') ? value : value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Who it was: `ended_by_kind` and `ended_by_id` for the prefix `ended_by`. */
export function readActor(read: RecordReader, prefix: string): Actor | undefined {
  const kind = read.optionalOneOf(`${prefix}_kind`, actorKinds);
  const id = read.optionalInteger(`${prefix}_id`);
  return kind === undefined ? undefined : id === undefined ? { kind } : { kind, id };
}
