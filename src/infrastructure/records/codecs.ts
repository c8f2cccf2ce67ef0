import { err, ok, Result } from 'neverthrow';
import type { Page } from '../../domain/shared/page.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { Codec } from '../cache/versioned-store.ts';
import { candidateFromRecord, candidateToRecord } from './candidate-record.ts';
import { cityFromRecord, cityToRecord } from './city-record.ts';
import { recruiterFromRecord, recruiterToRecord } from './recruiter-record.ts';
import { slotFromRecord, slotToRecord } from './slot-record.ts';

/**
 * What is cached is the JSON of records, the same plain data a row maps to, and it is read back by the same functions:
 * a hit answers the same classes as a miss, or it is not a hit.
 */
export interface EntityCodecs<T> {
  readonly one: Codec<T>;
  readonly list: Codec<readonly T[]>;
  readonly page: Codec<Page<T>>;
}

function entityCodecs<T>(
  toRecord: (value: T) => unknown,
  fromRecord: (record: unknown) => Result<T, CorruptRecord>,
): EntityCodecs<T> {
  const fromRecords = (records: unknown): Result<readonly T[], unknown> =>
    Array.isArray(records) ? Result.combine(records.map(fromRecord)) : err('not a list');
  return {
    one: jsonCodec(toRecord, fromRecord),
    list: jsonCodec((items) => items.map(toRecord), fromRecords),
    page: jsonCodec(
      ({ items, nextCursor }) => ({ items: items.map(toRecord), nextCursor }),
      (record) => {
        const { items, nextCursor } = (record ?? {}) as {
          readonly items?: unknown;
          readonly nextCursor?: unknown;
        };
        return fromRecords(items).map((found) =>
          typeof nextCursor === 'string' ? { items: found, nextCursor } : { items: found },
        );
      },
    ),
  };
}

function jsonCodec<T>(
  toJson: (value: T) => unknown,
  fromJson: (json: unknown) => Result<T, unknown>,
): Codec<T> {
  return {
    encode: (value) => JSON.stringify(toJson(value)),
    decode: (text) => parseJson(text).andThen(fromJson),
  };
}

function parseJson(text: string): Result<unknown, unknown> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (cause) {
    return err(cause);
  }
}

export const cityCodecs = entityCodecs(cityToRecord, cityFromRecord);
export const recruiterCodecs = entityCodecs(recruiterToRecord, recruiterFromRecord);
export const candidateCodecs = entityCodecs(candidateToRecord, candidateFromRecord);
export const slotCodecs = entityCodecs(slotToRecord, slotFromRecord);
