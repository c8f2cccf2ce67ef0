import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { City, Recruiter, Slot, UnitOfWork } from '../../src/index.ts';
import {
  anchorsOfCity,
  anchorsOfRecruiter,
  anchorsOfSlot,
  type Anchor,
} from '../../src/application/caching/anchors.ts';
import type { Board } from './board.ts';
import type { EntityName } from './history.ts';
import { oneOf, type Random } from './random.ts';
import type { TypedError } from './recorder.ts';
import { cityName, recruiterName, slotName } from './rows.ts';

/** A row in the version that a transaction leaves behind. */
export interface Written {
  readonly entity: EntityName;
  readonly version: number;
  /** What guards everything a reader could have cached of the row, before and after. */
  readonly anchors: readonly Anchor[];
}

/** One change of one row, inside a transaction. */
export type Edit = (uow: UnitOfWork) => ResultAsync<Written, TypedError>;

export const slotWritten = (slot: Slot): Written => ({
  entity: slotName(slot.id),
  version: slot.version,
  anchors: anchorsOfSlot(slot),
});

/** Decides on what the cache answers, as a careless host would; the version check of the write is what protects it. */
const editRecruiter =
  (id: number, change: (recruiter: Recruiter) => Result<Recruiter, TypedError>): Edit =>
  (uow) =>
    uow.recruiters.get(id).andThen((before) =>
      change(before)
        .asyncAndThen((changed) => uow.recruiters.update(changed))
        .map((after) => ({
          entity: recruiterName(id),
          version: after.version,
          anchors: anchorsOfRecruiter(before, after),
        })),
    );

const editCity =
  (id: number, change: (city: City) => Result<City, TypedError>): Edit =>
  (uow) =>
    uow.cities.get(id).andThen((before) =>
      change(before)
        .asyncAndThen((changed) => uow.cities.update(changed))
        .map((after) => ({
          entity: cityName(id),
          version: after.version,
          anchors: anchorsOfCity(before, after),
        })),
    );

export const renameRecruiter = (id: number, name: string): Edit =>
  editRecruiter(id, (recruiter) => recruiter.rename(name));

/** Takes the recruiter out of the list of one city and puts it into that of another. */
const moveRecruiter = (id: number, { cities }: Board, random: Random): Edit =>
  editRecruiter(id, (recruiter) => recruiter.assignCities(random() < 0.5 ? cities : [oneOf(random, cities)]));

const archiveOrRestoreRecruiter = (id: number): Edit =>
  editRecruiter(id, (recruiter) => ok(recruiter.active ? recruiter.archive() : recruiter.restore()));

const renameCity = (id: number, name: string): Edit => editCity(id, (city) => city.rename(name));

const archiveOrRestoreCity = (id: number): Edit =>
  editCity(id, (city) => ok(city.active ? city.archive() : city.restore()));

/** Any edit of one of these recruiters, mostly a new name. */
export function someRecruiterEdit(id: number, board: Board, random: Random, name: string): Edit {
  return random() < 0.3 ? moveRecruiter(id, board, random) : renameRecruiter(id, name);
}

/** Any edit of any city or of the recruiter whom nobody needs. */
export function someRareEdit(board: Board, random: Random, name: string): Edit {
  return oneOf(random, [
    renameCity(oneOf(random, [...board.cities, board.spareCity]), name),
    archiveOrRestoreCity(board.spareCity),
    archiveOrRestoreRecruiter(board.spareRecruiter),
  ]);
}
