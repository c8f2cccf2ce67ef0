import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { CityExists, CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import { forbidden, parseActor, standsAbove, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { parseCityId, type IdInput, type CityId } from '../../domain/shared/id.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import {
  freeOfBookings,
  parseFutureSlots,
  type FreeOfBookingsError,
  type FutureSlots,
} from '../archive/free-of-bookings.ts';
import { recordArchiving } from '../archive/record-archiving.ts';
import { parseReason } from '../booking/reason.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface ArchiveCity {
  readonly cityId: IdInput<CityId>;
  /** An admin or the system. */
  readonly actor: Actor;
  /**
   * `refuse` (when left out): `StillBooked` while candidates have slots ahead. `release`: those slots are withdrawn, which
   * tells everybody concerned.
   */
  readonly futureSlots?: FutureSlots;
  /** Required from an admin who releases. */
  readonly reason?: string;
}

export interface ArchivedCity {
  readonly city: City;
  /** The slots that were taken from candidates. */
  readonly withdrawn: readonly Slot[];
}

type UpdateError = CityNotFound | CityExists | InvalidTimeZone;

export type ArchiveCityError = UpdateError | Forbidden | FreeOfBookingsError | CommandError;

/**
 * Takes a city out of use: no new slots, nothing of it is offered, no longer in the active lists. Free slots ahead and
 * those who wait stay, out of sight until the city is restored. Archiving again answers the city as it is.
 */
export const archiveCity =
  (context: UseCaseContext) =>
  (command: ArchiveCity, options: UseCaseOptions = {}): ResultAsync<ArchivedCity, ArchiveCityError> =>
    runCommand(context, options, { name: 'cities.archive', input: command }, (uow) =>
      safeTry<ArchivedCity, ArchiveCityError>(async function* () {
        const id = yield* parseCityId(command.cityId);
        const actor = yield* parseActor(command.actor);
        const futureSlots = yield* parseFutureSlots(command.futureSlots);
        const reason = yield* parseReason(command.reason, actor, futureSlots === 'release');
        if (!standsAbove(actor)) return err(forbidden('archive', actor));
        const { archived, withdrawn } = yield* freeOfBookings(context, uow, {
          entity: 'city',
          id,
          filter: { cityIds: [id] },
          futureSlots,
          actor,
          reason,
          archive: (inner) => archive(inner, id, { actor, reason }),
        });
        return ok({ city: archived, withdrawn });
      }),
    );

const archive = (
  uow: UnitOfWork,
  id: CityId,
  by: { readonly actor: Actor; readonly reason: string | undefined },
): ResultAsync<City, UpdateError | StaleVersion | RepositoryError> =>
  safeTry<City, UpdateError | StaleVersion | RepositoryError>(async function* () {
    const city = yield* uow.cities.getForUpdate(id);
    if (!city.active) return ok(city);
    const archived = yield* uow.cities.update(city.archive());
    const at = yield* uow.now();
    return recordArchiving(uow, 'city', 'archive', archived, { at, ...by });
  });
