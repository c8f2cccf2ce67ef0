/** Rules of bookings in four circles, and what archiving does to those who have a slot. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

// The widest circle: everywhere, nobody may have more than one booking ahead.
const sdk = orThrow(await createSlotwise({ policies: { booking: { maxActivePerCandidate: 1 } } }));
orThrow(await sdk.migrate());
const { city, recruiter, slots } = await seedBerlin(sdk);
const [morning, noon, afternoon] = slots;
assert.ok(morning && noon && afternoon);
const ben = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' })));
const admin = { kind: 'admin', id: 1 } as const;

// Berlin decides at once, and candidates cancel a day before at the latest.
orThrow(
  await sdk.transaction((uow) =>
    city
      .changePolicy({ approval: 'auto', freezeMinutes: 24 * 60 })
      .asyncAndThen((changed) => uow.cities.update(changed)),
  ),
);
// Ann sees her candidates twice: `null` takes the limit away that everybody else has.
orThrow(
  await sdk.transaction((uow) =>
    recruiter
      .changePolicy({ maxActivePerCandidate: null })
      .asyncAndThen((changed) => uow.recruiters.update(changed)),
  ),
);
// One slot is special: she wants to decide herself.
orThrow(await sdk.slots.changePolicy({ slotId: noon.id, policy: { approval: 'manual' }, actor: admin }));

const booked = orThrow(await sdk.booking.reserve({ slotId: morning.id, candidateId: ben.id }));
const startsAt = afternoon.startsAt.plus(24 * 3_600_000);
const tour = orThrow(
  await sdk.slots.publish({
    recruiterId: recruiter.id,
    cityId: city.id,
    startsAt,
    endsAt: startsAt.plus(3_600_000),
    purpose: 'intro_day',
  }),
);
const second = orThrow(await sdk.booking.reserve({ slotId: tour.id, candidateId: ben.id }));
console.log(`the first is ${booked.state}, the second as well: ${second.state}`);
assert.deepEqual([booked.state, second.state], ['booked', 'booked']);
const eva = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Eva' })));
assert.equal(orThrow(await sdk.booking.reserve({ slotId: noon.id, candidateId: eva.id })).state, 'requested');

// Nobody is forgotten when Ann leaves: the SDK refuses, or takes the slots back and tells everybody.
const leaving = await sdk.recruiters.archive({ recruiterId: recruiter.id, actor: admin });
assert.equal(leaving.isErr() && leaving.error.type, 'StillBooked');
const { withdrawn } = orThrow(
  await sdk.recruiters.archive({
    recruiterId: recruiter.id,
    actor: admin,
    futureSlots: 'release',
    reason: 'Ann has left the company',
  }),
);
console.log(`${withdrawn.length} slots were taken back; the free one is hidden`);
assert.equal(withdrawn.length, 3);
assert.deepEqual(orThrow(await sdk.read.slots.getFreeForCity(city.id)), []);
orThrow(await sdk.recruiters.restore({ recruiterId: recruiter.id, actor: admin }));
assert.deepEqual(
  orThrow(await sdk.read.slots.getFreeForCity(city.id)).map(({ id }) => id),
  [afternoon.id],
);
orThrow(await sdk.close());
