// Run by check:package inside a project that installed the tarball: the main path, on the runtime it is started with.
import assert from 'node:assert/strict';
import { createSlotwise } from 'slotwise';
import { createInMemorySlotwise, seedBoard } from 'slotwise/testing';

const opened = await createSlotwise();
assert.ok(opened.isOk(), 'the embedded default opens');
const sdk = opened.value;
assert.deepEqual((await sdk.migrate()).map(({ applied }) => applied.length > 0).unwrapOr(false), true);

const work = await sdk.transaction((uow) =>
  uow.cities
    .add({ name: 'Berlin', timeZone: 'Europe/Berlin' })
    .andThen((city) =>
      uow.recruiters
        .add({ name: 'Ann', timeZone: 'Europe/Berlin', cityIds: [city.id] })
        .map((recruiter) => ({ city, recruiter })),
    ),
);
assert.ok(work.isOk(), 'a unit of work commits');
const { city, recruiter } = work.value;

const startsAt = new Date(Date.now() + 86_400_000);
const endsAt = new Date(startsAt.getTime() + 1_800_000);
const slot = await sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt });
assert.ok(slot.isOk(), 'a slot is published');
const candidate = await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' }));
assert.ok(candidate.isOk(), 'a candidate is added');

const booking = await sdk.booking.reserve({ slotId: slot.value.id, candidateId: candidate.value.id });
assert.equal(booking.map(({ state }) => state).unwrapOr(''), 'requested');
const overlapping = await sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt });
assert.equal(overlapping.isErr() && overlapping.error.type, 'SlotOverlap');

await sdk.read.recruiters.get(recruiter.id);
await sdk.read.recruiters.get(recruiter.id);
assert.equal(sdk.cache.stats().l1Hits, 1, 'the second read is a hit');
assert.ok((await sdk.close()).isOk(), 'it closes');

const memory = createInMemorySlotwise();
assert.ok((await seedBoard(memory)).isOk(), 'the in-memory SDK works');
console.log(`smoke: ok on ${process.version}`);
