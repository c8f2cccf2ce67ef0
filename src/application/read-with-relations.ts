import { okAsync, ResultAsync } from 'neverthrow';
import type { City } from '../domain/city/city.ts';
import type { Recruiter } from '../domain/recruiter/recruiter.ts';
import type { IdInput, RecruiterId, SlotId } from '../domain/shared/id.ts';
import type { RepositoryError } from '../domain/shared/repository-error.ts';
import type { Slot } from '../domain/slot/slot.ts';
import type { Readers } from './readers.ts';

export interface SlotWithRelations {
  readonly slot: Slot;
  readonly recruiter: Recruiter;
  readonly city: City;
}

export interface RecruiterWithCities {
  readonly recruiter: Recruiter;
  /** In the order of the recruiter's `cityIds`. */
  readonly cities: readonly City[];
}

/**
 * Entities together with those they refer to, in the order in which they were asked for. Each kind is read by one
 * `getMany`, so any number of slots costs three queries at most, two if they were read already, and none when all is
 * cached. What no longer exists is left out.
 */
export interface RelationReader {
  slots(
    slots: readonly (Slot | IdInput<SlotId>)[],
  ): ResultAsync<readonly SlotWithRelations[], RepositoryError>;
  recruiters(
    recruiters: readonly (Recruiter | IdInput<RecruiterId>)[],
  ): ResultAsync<readonly RecruiterWithCities[], RepositoryError>;
}

/** @param read the SDK's readers, or a unit of work */
export const readWithRelations = (
  read: Pick<Readers, 'recruiters' | 'cities' | 'slots'>,
): RelationReader => ({
  slots: (given) =>
    entities<Slot, SlotId, IdInput<SlotId>>(given, (ids) => read.slots.getMany(ids)).andThen((slots) =>
      ResultAsync.combine([
        read.recruiters.getMany(distinct(slots, ({ recruiterId }) => [recruiterId])),
        read.cities.getMany(distinct(slots, ({ cityId }) => [cityId])),
      ]).map(([recruiters, cities]) =>
        slots.flatMap((slot) => {
          const recruiter = recruiters.get(slot.recruiterId);
          const city = cities.get(slot.cityId);
          return recruiter === undefined || city === undefined ? [] : [{ slot, recruiter, city }];
        }),
      ),
    ),
  recruiters: (given) =>
    entities<Recruiter, RecruiterId, IdInput<RecruiterId>>(given, (ids) =>
      read.recruiters.getMany(ids),
    ).andThen((recruiters) =>
      read.cities.getMany(distinct(recruiters, ({ cityIds }) => cityIds)).map((cities) =>
        recruiters.map((recruiter) => ({
          recruiter,
          cities: recruiter.cityIds.flatMap((id) => cities.get(id) ?? []),
        })),
      ),
    ),
});

/** Those that are here already, and those that are still to be read. */
export function entities<T extends { readonly id: Id }, Id extends number, Input>(
  given: readonly (T | Input)[],
  getMany: (ids: readonly Input[]) => ResultAsync<ReadonlyMap<Id, T>, RepositoryError>,
): ResultAsync<readonly T[], RepositoryError> {
  const isEntity = (item: T | Input): item is T => typeof item === 'object' && item !== null;
  const ids = given.filter((item): item is Input => !isEntity(item));
  const read = ids.length === 0 ? okAsync(new Map<Id, T>()) : getMany(ids);
  return read.map((found) =>
    given.flatMap((item) => (isEntity(item) ? item : (found.get(item as unknown as Id) ?? []))),
  );
}

export const distinct = <T, Id>(items: readonly T[], idsOf: (item: T) => readonly Id[]): readonly Id[] => [
  ...new Set(items.flatMap(idsOf)),
];
