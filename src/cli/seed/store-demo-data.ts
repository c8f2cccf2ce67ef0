import { err, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow';
import type { City, CityId, Slotwise, UnitOfWork } from '../../index.ts';
import { refused, type CliError } from '../cli-error.ts';
import type { DemoData, DemoRecruiter } from './demo-data.ts';

/** How much was stored. */
export interface DemoReport {
  readonly cities: number;
  readonly recruiters: number;
  readonly slots: number;
  readonly candidates: number;
}

/**
 * Stores all of it in one transaction, or nothing. Cities that are there already are used as they are.
 *
 * @param force also into a schema that holds something
 */
export const storeDemoData = (
  sdk: Slotwise,
  data: DemoData,
  force: boolean,
): ResultAsync<DemoReport, CliError> =>
  // Repeatable read asks the database: what a cache says of the schema is nothing to decide this on.
  sdk.transaction<DemoReport, CliError>(
    (uow) =>
      safeTry<DemoReport, CliError>(async function* () {
        if (!force) yield* refuseUnlessEmpty(uow);
        const known = new Map<string, CityId>();
        let added = 0;
        for (const city of data.cities) {
          const found = yield* cityNamed(uow, city.name);
          if (found === undefined) added += 1;
          known.set(city.name, (found ?? (yield* uow.cities.add(city))).id);
        }
        let slots = 0;
        for (const recruiter of data.recruiters) slots += yield* storeRecruiter(sdk, uow, recruiter, known);
        yield* uow.candidates.addMany(data.candidates);
        const { recruiters, candidates } = data;
        return ok({ cities: added, recruiters: recruiters.length, slots, candidates: candidates.length });
      }),
    { isolation: 'repeatable read' },
  );

const refuseUnlessEmpty = (uow: UnitOfWork): ResultAsync<void, CliError> =>
  safeTry<void, CliError>(async function* () {
    const first = { limit: 1 };
    const pages = [
      yield* uow.cities.list({}, first),
      yield* uow.recruiters.list({}, first),
      yield* uow.candidates.list({}, first),
    ];
    return pages.some(({ items }) => items.length > 0)
      ? err(refused('the schema holds data: name another one, or give --force to add the demo data to it'))
      : ok();
  });

/** `findByName` also finds one whose name only begins like this. */
const cityNamed = (uow: UnitOfWork, name: string): ResultAsync<City | undefined, CliError> =>
  uow.cities
    .findByName(name)
    .map((found) => (found?.name.toLowerCase() === name.toLowerCase() ? found : undefined));

function storeRecruiter(
  sdk: Slotwise,
  uow: UnitOfWork,
  { name, timeZone, cities, times }: DemoRecruiter,
  known: ReadonlyMap<string, CityId>,
): ResultAsync<number, CliError> {
  const cityIds = cities.flatMap((city) => known.get(city) ?? []);
  const [cityId] = cityIds;
  if (cityId === undefined) return okAsync(0);
  return uow.recruiters
    .add({ name, timeZone, cityIds })
    .andThen(({ id }) => sdk.slots.publishSeries({ recruiterId: id, cityId, ...times }, { uow }))
    .map(({ created }) => created.length);
}
