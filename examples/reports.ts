/** What became of the slots of a month: in total, by day of a zone, by recruiter. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, recruiter, slots } = await seedBerlin(sdk);
const [first, second] = slots;
assert.ok(first && second);
const admin = { kind: 'admin' } as const;

// One candidate is approved and confirms, another one is turned away.
const ben = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' })));
const eve = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Eve' })));
const wanted = orThrow(await sdk.booking.reserve({ slotId: first.id, candidateId: ben.id }));
orThrow(await sdk.booking.approve({ bookingId: wanted.id, actor: admin }));
orThrow(await sdk.booking.confirm({ bookingId: wanted.id, actor: { kind: 'candidate', id: ben.id } }));
const refused = orThrow(await sdk.booking.reserve({ slotId: second.id, candidateId: eve.id }));
orThrow(await sdk.booking.reject({ bookingId: refused.id, actor: admin, reason: 'the position is filled' }));

const from = first.startsAt.plus(-24 * 3_600_000);
const month = { from, until: from.plus(30 * 24 * 3_600_000), cityId: city.id };
const { total } = orThrow(await sdk.reports.bookings(month));
console.log(
  `${total.published} slots, ${total.requested} requests, ${total.approved} approved, ${total.confirmed} confirmed; ` +
    `${total.bookedMinutes} of ${total.offeredMinutes} minutes are booked`,
);
assert.deepEqual([total.requested, total.approved, total.rejected, total.confirmed], [2, 1, 1, 1]);
assert.equal(total.shares.utilisation, 1 / 3);
assert.equal(total.shares.approvalRate, 1 / 2);
// Nobody was interviewed yet, so nobody can have stayed away.
assert.equal(total.shares.noShowRate, undefined);
assert.ok(total.timeToApproval !== undefined);

const daily = orThrow(await sdk.reports.bookings({ ...month, groupBy: 'day', timeZone: 'Europe/Berlin' }));
for (const { key, published, booked } of daily.groups)
  console.log(`${key}: ${booked} of ${published} booked`);
assert.deepEqual(
  daily.groups.map(({ key }) => key),
  [first.startsAt.toZonedDateTime('Europe/Berlin').toPlainDate().toString()],
);

const byRecruiter = orThrow(await sdk.reports.bookings({ ...month, groupBy: 'recruiter' }));
assert.deepEqual(
  byRecruiter.groups.map(({ key, attempts }) => [key, attempts]),
  [[recruiter.id, 2]],
);
orThrow(await sdk.close());
