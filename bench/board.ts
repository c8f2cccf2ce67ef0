import { sandbox } from '../examples/support/sandbox.ts';
import { orThrow } from '../examples/support/or-throw.ts';
import { createSlotwise, systemClock, type CityId, type RecruiterId, type Slotwise } from '../src/index.ts';
import { Pool } from './drivers/pool.ts';
import type { Place } from './drivers/place.ts';
import { NAME_BEFORE } from './races/races.ts';
import { describeRun, findServices } from './services.ts';

/** The rows that everybody reads, in a schema and under a Redis prefix of this run. */
export interface Board {
  readonly place: Place;
  readonly recruiters: readonly number[];
  readonly slots: readonly number[];
}

/** What the SDK has when nothing else is said. */
const POOL_SIZE = 20;

const HOUR = 3_600_000;
const timeZone = 'Europe/Berlin';

/** A board of recruiters alone, on the servers that are found; says what the run is on. */
export async function openRecruiters(count: number, cleanUp: AsyncDisposableStack): Promise<Board> {
  const services = await findServices(process.env);
  console.log(describeRun(services));
  const { postgres, redis } = services;
  const servers = { databaseUrl: postgres.url, redisUrl: redis.url };
  return openBoard(servers, { recruiters: count, slots: 0 }, cleanUp);
}

export async function openBoard(
  servers: Pick<Place, 'databaseUrl' | 'redisUrl'>,
  counts: { readonly recruiters: number; readonly slots: number },
  cleanUp: AsyncDisposableStack,
): Promise<Board> {
  const box = sandbox('bench', { database: { url: servers.databaseUrl }, cache: { url: servers.redisUrl } });
  cleanUp.defer(async () => {
    for (const trouble of await box.cleanUp()) console.error(trouble);
  });
  await using sdk = orThrow(await createSlotwise(box.options));
  orThrow(await sdk.migrate());
  const city = orThrow(await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone })));
  const recruiters: RecruiterId[] = [];
  for (let count = 0; count < counts.recruiters; count += 1)
    recruiters.push(await addRecruiter(sdk, city.id));
  const place = { ...servers, poolSize: POOL_SIZE, schema: box.name, prefix: box.name };
  const [first] = recruiters;
  const slots = first === undefined ? [] : await addSlots(sdk, place, first, city.id, counts.slots);
  return { place, recruiters, slots };
}

async function addRecruiter(sdk: Slotwise, cityId: CityId): Promise<RecruiterId> {
  const given = { name: NAME_BEFORE, timeZone, cityIds: [cityId] };
  return orThrow(await sdk.transaction((uow) => uow.recruiters.add(given))).id;
}

/** Publishes one slot, and copies its row into the hours after it. */
async function addSlots(
  sdk: Slotwise,
  { databaseUrl, schema }: Place,
  recruiterId: RecruiterId,
  cityId: CityId,
  count: number,
): Promise<readonly number[]> {
  const startsAt = systemClock.now().plus(24 * HOUR);
  const slot = orThrow(
    await sdk.slots.publish({ recruiterId, cityId, startsAt, endsAt: startsAt.plus(HOUR / 2) }),
  );
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const { rows } = await pool.query<{ id: number }>(
      `insert into "${schema}".slot (recruiter_id, city_id, purpose, time_zone, starts_at, ends_at, occupied_from, occupied_until)
       select recruiter_id, city_id, purpose, time_zone, starts_at + later, ends_at + later, occupied_from + later, occupied_until + later
       from "${schema}".slot, lateral (select hours * interval '1 hour' as later from generate_series(1, $2) hours) after
       where id = $1 returning id::int`,
      [slot.id, count - 1],
    );
    return [slot.id, ...rows.map(({ id }) => id)];
  } finally {
    await pool.end();
  }
}
