import { err, Result } from 'neverthrow';
import { frozenPage, type Page } from '../../domain/shared/page.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { Codec } from '../cache/versioned-store.ts';
import { candidateFromRecord, candidateToRecord } from './candidate-record.ts';
import { cityFromRecord, cityToRecord } from './city-record.ts';
import { recruiterFromRecord, recruiterToRecord } from './recruiter-record.ts';
import { slotFromRecord, slotToRecord } from './slot-record.ts';
import { templateFromRecord, templateToRecord } from './template-record.ts';

/**
 * What is cached are records, the same plain data a row maps to, and they are read back by the same functions: a hit
 * answers the same classes as a miss, or it is not a hit. Lists and pages are frozen, as memory hands them to everybody.
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
    Array.isArray(records)
      ? Result.combine(records.map(fromRecord)).map((items) => Object.freeze(items))
      : err('not a list');
  return {
    one: { toData: toRecord, fromData: fromRecord },
    list: { toData: (items) => items.map(toRecord), fromData: fromRecords },
    page: {
      toData: ({ items, ...about }) => ({ items: items.map(toRecord), ...about }),
      fromData: (record) => {
        const { items, nextCursor, page, limit, total } = (record ?? {}) as Readonly<Record<string, unknown>>;
        return fromRecords(items).map((found) =>
          frozenPage({
            items: found,
            ...(typeof nextCursor === 'string' ? { nextCursor } : {}),
            ...(typeof page === 'number' && typeof limit === 'number' ? { page, limit } : {}),
            ...(typeof total === 'number' ? { total } : {}),
          }),
        );
      },
    },
  };
}

export const cityCodecs = entityCodecs(cityToRecord, cityFromRecord);
export const recruiterCodecs = entityCodecs(recruiterToRecord, recruiterFromRecord);
export const candidateCodecs = entityCodecs(candidateToRecord, candidateFromRecord);
export const slotCodecs = entityCodecs(slotToRecord, slotFromRecord);
export const templateCodecs = entityCodecs(templateToRecord, templateFromRecord);
