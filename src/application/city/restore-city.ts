import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { CityExists, CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import { forbidden, parseActor, standsAbove, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { CityId, IdInput } from '../../domain/shared/id.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { recordArchiving } from '../archive/record-archiving.ts';
import { parseReason } from '../booking/reason.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface RestoreCity {
  readonly cityId: IdInput<CityId>;
  /** An admin or the system. */
  readonly actor: Actor;
  readonly reason?: string;
}

export type RestoreCityError =
  | CityNotFound
  | CityExists
  | InvalidTimeZone
  | Forbidden
  | StaleVersion
  | CommandError;

/** Takes an archived city into use again; the free slots ahead are offered again. Safe to repeat. */
export const restoreCity =
  (context: UseCaseContext) =>
  (command: RestoreCity, options: UseCaseOptions = {}): ResultAsync<City, RestoreCityError> =>
    runCommand(context, options, { name: 'cities.restore', input: command }, (uow) =>
      safeTry<City, RestoreCityError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        if (!standsAbove(actor)) return err(forbidden('restore', actor));
        const city = yield* uow.cities.getForUpdate(command.cityId);
        if (city.active) return ok(city);
        const restored = yield* uow.cities.update(city.restore());
        const at = yield* uow.now();
        return recordArchiving(uow, 'city', 'restore', restored, { at, actor, reason });
      }),
    );
