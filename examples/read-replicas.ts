/** A board that may be a moment old is read from a standby; a booking is not. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

// On servers: `database: { url, replicaUrls: [standbyUrl] }`. The embedded database has no standby, so everything is read
// where it is written.
const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, slots } = await seedBerlin(sdk);
const fromStandby = { readOnly: true, readFrom: 'replica' } as const;

const board = await sdk.transaction(
  (uow) => uow.slots.search({ cityIds: [city.id] }, { limit: 50 }),
  fromStandby,
);
console.log(`${orThrow(board).items.length} of ${slots.length} slots are on the board`);

// A report that must not change while it is made: one snapshot, on one server.
const report = await sdk.transaction(
  (uow) =>
    uow.cities
      .withAvailability()
      .andThen((cities) =>
        uow.slots.statusSummary({ cityIds: [city.id] }).map((counts) => ({ cities, counts })),
      ),
  { ...fromStandby, isolation: 'repeatable read' },
);
console.log(`${orThrow(report).counts.free} free in ${orThrow(report).cities.length} cities`);

// Nobody who asks for a standby can write; nobody who writes decides on what a standby said.
const refused = await sdk.transaction((uow) => uow.cities.delete(city.id), fromStandby);
assert.equal(refused.isErr() && refused.error.type, 'UnitOfWorkState');

for (const { name, status, lagMs } of (await sdk.health()).replicas ?? [])
  console.log(`${name} is ${status}, ${Math.round(lagMs ?? 0)} ms old at most`);
orThrow(await sdk.close());
