import { defaultStringifyOperations, DevalueError, stringify, unflatten } from 'devalue';
import { err, ok, type Result } from 'neverthrow';
import { Temporal as Polyfill } from 'temporal-polyfill';
import { Instant } from '../../../domain/shared/instant.ts';
import { validationError, type ValidationError } from '../../../domain/shared/validation-error.ts';
import type { Codec } from '../versioned-store.ts';

/**
 * Values of the host's own: everything JSON has, and `undefined`, NaN, -0, the infinities, bigint, Date, Map, Set, RegExp,
 * URL, Temporal, typed arrays, Buffer, `Instant`, and structures that share or contain themselves.
 *
 * `toData` throws a `TypeError` for anything else: ask `encodable` first, which says what is wrong.
 */
export const hostValues: Codec<unknown> = {
  toData: (value) =>
    encodable(value).match(
      (data) => data,
      ({ field, message }) => {
        throw new TypeError(`${field}: ${message}`);
      },
    ),
  fromData: (data) => {
    try {
      return ok(unflatten(data as number | unknown[], revivers, { operations: construction }));
    } catch (cause) {
      return err(cause);
    }
  },
};

/**
 * The plain data of a value, or a `ValidationError` that names the part that cannot be stored: a function, a symbol, a
 * promise, an instance of a class that is not known (it would come back as another kind of object), a key `__proto__`, or
 * nesting of several thousand levels. Costs about twice as much as `JSON.stringify` and `JSON.parse` together.
 */
export function encodable(value: unknown, field = 'value'): Result<unknown, ValidationError> {
  try {
    return ok(JSON.parse(stringify(value, reducers, { operations: inspection })) as unknown);
  } catch (cause) {
    if (cause instanceof DevalueError) return err(validationError(field + cause.path, refusal(cause.value)));
    if (cause instanceof RangeError)
      return err(validationError(field, 'is nested too deeply, or too large, to be stored'));
    return err(validationError(field, 'cannot be stored: reading it failed'));
  }
}

/** What a type of our own is stored as; never a falsy value, which would mean that it is another type. */
const reducers = {
  Instant: (value: unknown) => value instanceof Instant && { epochMilliseconds: value.epochMilliseconds },
  Buffer: (value: unknown) => Buffer.isBuffer(value) && [value.toString('base64')],
};

const revivers = {
  Instant: (stored: { readonly epochMilliseconds: number }) => {
    const instant = Instant.parse({ epochMilliseconds: stored.epochMilliseconds });
    if (instant.isErr()) throw new Error(instant.error.message);
    return instant.value;
  },
  Buffer: ([base64]: readonly unknown[]) => {
    if (typeof base64 !== 'string') throw new Error('not the text of a Buffer');
    return Buffer.from(base64, 'base64');
  },
};

const inspection = {
  /** A subclass of Map, Date and so on would be taken for its base class; so it gets a name that nobody knows. */
  tagOf: (value: object): string => {
    const tag = defaultStringifyOperations.tagOf(value);
    return tag === 'Object' || tag.startsWith('Temporal.') || className(value) === tag ? tag : 'subclass';
  },
  /** Only the part that a view shows; its buffer may hold what belongs to others. */
  viewInfo: (view: ArrayBufferView & { readonly length?: number }) => {
    const { byteLength, byteOffset, length } = view;
    const buffer = view.buffer.slice(byteOffset, byteOffset + byteLength);
    return {
      buffer,
      byteOffset: 0,
      byteLength,
      bufferByteLength: byteLength,
      ...(length === undefined ? {} : { length }),
    };
  },
};

const construction = {
  fromStringValue: (tag: string, text: unknown): unknown => {
    if (typeof text !== 'string') throw new Error(`not the text of a ${tag}`);
    if (tag === 'URL') return new URL(text);
    if (tag === 'URLSearchParams') return new URLSearchParams(text);
    // The classes the host sees: its runtime's, or the polyfill it installed, before ours.
    const temporal = (globalThis as { readonly Temporal?: typeof Polyfill }).Temporal ?? Polyfill;
    return temporal[tag.slice('Temporal.'.length) as 'Instant'].from(text);
  },
};

function refusal(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value} cannot be stored`;
  const name = className(value);
  if (name === 'Promise') return 'a promise cannot be stored: wait for its value';
  if (name === 'Object' || name === undefined)
    return 'an object with a function `then`, a symbol or `__proto__` as a key cannot be stored';
  return `an instance of ${name} cannot be stored: store the plain data it is made of`;
}

/** By name, because the same class of another realm is as good. */
function className(value: unknown): string | undefined {
  const prototype = Object.getPrototypeOf(value) as {
    readonly constructor?: { readonly name?: string };
  } | null;
  return prototype?.constructor?.name;
}
