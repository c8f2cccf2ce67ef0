/** What a desk or a dashboard shows: an agenda, a search in pages, counts, and who has something to offer. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, recruiter, slots } = await seedBerlin(sdk);
const [first] = slots;
assert.ok(first);
const ben = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' })));
const booking = orThrow(await sdk.booking.reserve({ slotId: first.id, candidateId: ben.id }));

const day = { from: first.startsAt, until: first.startsAt.plus(24 * 3_600_000) };
const agenda = orThrow(await sdk.read.slots.getAgenda(recruiter.id, day));
for (const slot of agenda)
  console.log(`${slot.startsAt.toZonedDateTime(slot.timeZone).toPlainTime().toString()} ${slot.status}`);
assert.deepEqual(
  agenda.map(({ status }) => status),
  ['pending', 'free', 'free'],
);

// By cursor, for whoever reads to the end.
const filter = { cityIds: [city.id], statuses: ['free'] } as const;
const page = orThrow(await sdk.read.slots.search(filter, { limit: 1 }));
assert.ok(page.nextCursor !== undefined);
const next = orThrow(await sdk.read.slots.search(filter, { limit: 1, cursor: page.nextCursor }));
assert.equal(next.items.length, 1);

// By number, for a table with a row of page numbers.
const table = orThrow(await sdk.read.slots.search(filter, { page: 1, limit: 10, total: true }));
console.log(`page ${table.page} with ${table.items.length} of ${table.total} free slots`);
assert.equal(table.total, 2);

const counts = orThrow(await sdk.read.slots.statusSummary({ recruiterIds: [recruiter.id] }));
assert.deepEqual([counts.free, counts.pending, counts.booked], [2, 1, 0]);

// One statement for a whole list of recruiters, and one for all cities.
const offers = orThrow(await sdk.read.recruiters.freeSlotSummary([recruiter.id], { cityId: city.id }));
assert.deepEqual(offers.get(recruiter.id)?.count, 2);
const [best] = orThrow(await sdk.read.cities.withAvailability());
console.log(`${best?.city.name}: ${best?.count} free, next on ${best?.nextStart?.toJSON()}`);
assert.equal(best?.count, 2);
assert.equal(orThrow(await sdk.read.cities.findByName('berl'))?.id, city.id);

// Bookings are read in a unit of work: they are never cached.
const about = await sdk.transaction((uow) =>
  uow.bookings
    .countActive(ben.id)
    .andThen((active) => uow.bookings.historyOf(booking.id).map((history) => ({ active, history }))),
);
assert.deepEqual([orThrow(about).active, orThrow(about).history.length], [1, 1]);
orThrow(await sdk.close());
