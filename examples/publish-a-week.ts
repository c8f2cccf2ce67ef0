/** A recruiter's week: previewed, published, blocked, moved and given away, as docs/guides/publish-a-week.md tells it. */
import assert from 'node:assert/strict';
import { createSlotwise, systemClock } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());

const timeZone = 'Europe/Berlin';
const city = orThrow(await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone })));
const [ann, eve] = orThrow(
  await sdk.transaction((uow) =>
    uow.recruiters
      .add({ name: 'Ann', timeZone, cityIds: [city.id] })
      .andThen((first) =>
        uow.recruiters
          .add({ name: 'Eve', timeZone, cityIds: [city.id] })
          .map((second) => [first, second] as const),
      ),
  ),
);
const ben = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' })));

const today = systemClock.now().toZonedDateTime(timeZone).toPlainDate();
const monday = today.add({ days: 15 - today.dayOfWeek });
const actor = { kind: 'recruiter', id: ann.id } as const;

// What would become of it? Nothing is written.
const week = {
  recruiterId: ann.id,
  cityId: city.id,
  firstDay: monday.toString(),
  lastDay: monday.add({ days: 4 }).toString(),
  exceptDays: [monday.add({ days: 2 }).toString()],
  windows: [{ from: '09:00', until: '17:00' }],
  breaks: [{ from: '12:00', until: '13:00' }],
  slotMinutes: 45,
  bufferAfterMinutes: 15,
};
const preview = orThrow(await sdk.slots.publishSeries({ ...week, preview: true }));
console.log(`${preview.created.length} slots would be published`);
assert.equal(orThrow(await sdk.read.slots.getFreeForCity(city.id)).length, 0);

// Nobody is there on Thursday morning.
const thursday = monday.add({ days: 3 });
const { period } = orThrow(
  await sdk.blocked.add({
    cityId: city.id,
    startsAt: thursday.toZonedDateTime({ timeZone, plainTime: '00:00' }),
    endsAt: thursday.toZonedDateTime({ timeZone, plainTime: '12:00' }),
    reason: 'The office is closed',
    actor: { kind: 'admin' },
  }),
);

const report = orThrow(await sdk.slots.publishSeries(week));
console.log(`${report.created.length} slots are published, ${report.conflicts.length} are blocked`);
assert.equal(report.created.length, preview.created.length - 3);
assert.ok(
  report.conflicts.every(({ error }) => error.type === 'PeriodBlocked' && error.periodId === period.id),
);

// Publishing the week again changes nothing: everything is taken by now.
const again = orThrow(await sdk.slots.publishSeries(week));
assert.deepEqual([again.created.length, again.conflicts.length], [0, preview.created.length]);

// Monday's slots begin a quarter of an hour later, and Ben, who has one of them, has to know.
const mondays = report.created.slice(0, 7);
const [first, second] = mondays;
assert.ok(first && second);
const booking = orThrow(await sdk.booking.reserve({ slotId: first.id, candidateId: ben.id }));
const slotIds = mondays.map(({ id }) => id);
const moved = orThrow(
  await sdk.slots.moveMany({ slotIds, offsetMinutes: 15, actor, reason: 'The train is late' }),
);
console.log(`${moved.slots.length} slots moved, ${moved.affected.length} candidate to tell`);
assert.deepEqual(
  moved.affected.map(({ id }) => id),
  [booking.id],
);

// Eve takes two of them over. The bookings go with the slots.
const given = orThrow(
  await sdk.slots.reassignMany({
    slotIds: [first.id, second.id],
    recruiterId: eve.id,
    actor,
    reason: 'Ann is at the dentist',
  }),
);
assert.ok(given.slots.every(({ recruiterId }) => recruiterId === eve.id));

// The rest of Monday is called off.
const withdrawn = orThrow(
  await sdk.slots.withdrawMany({ slotIds: slotIds.slice(2), actor, reason: 'Ann is ill' }),
);
assert.equal(withdrawn.slots.length, 5);

// Once the week is over, what nobody wanted is cleared away. There is nothing yet.
const purged = orThrow(await sdk.slots.purgePast({ actor: { kind: 'system' } }));
assert.equal(purged.deleted, 0);
orThrow(await sdk.close());
