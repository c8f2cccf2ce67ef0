/** One slot on the clocks of everybody who looks at it, in the week in which they change. */
import assert from 'node:assert/strict';
import {
  createInMemorySlotwise,
  seedCity,
  seedRecruiter,
  seedSlot,
  settableClock,
} from '../src/testing/index.ts';
import { orThrow } from './support/or-throw.ts';

// Winter in New York and in Berlin; New York moves its clocks on 10 March 2030, Berlin on 31 March.
const clock = settableClock('2030-03-04T09:00:00Z');
const sdk = createInMemorySlotwise({ clock });
const city = orThrow(await seedCity(sdk, { timeZone: 'Europe/Berlin' }));
const recruiter = orThrow(await seedRecruiter(sdk, { timeZone: 'America/New_York', cityIds: [city.id] }));
const slot = orThrow(await seedSlot(sdk, { recruiter, city, startsAt: '2030-03-18T14:00:00Z' }));

const view = orThrow(await sdk.slots.timeView(slot.id));
assert.equal(view.utc.startsAt, '2030-03-18T14:00:00.000Z');
assert.equal(view.slot.startsAt, '2030-03-18T15:00:00+01:00');
assert.equal(view.recruiter.startsAt, '2030-03-18T10:00:00-04:00');
// The recruiter's clock will have changed by then: worth a word, for people who plan by habit.
assert.deepEqual(view.recruiter.clockChange, {
  offsetToday: '-05:00',
  differsFromToday: true,
  changesDuring: false,
});
assert.equal(view.slot.clockChange, undefined);

// Where the candidate is nobody has said, so they are shown the city's time, and asked.
const { candidate } = view;
assert.deepEqual([candidate.source, candidate.estimated], ['city', true]);

// A bot stores what it learns of somebody, by Telegram id and as often as it likes.
const telegramId = '7000000001';
const newcomer = { telegramId, fullName: 'Ben', timeZone: 'Asia/Kathmandu' };
const met = orThrow(await sdk.transaction((uow) => uow.candidates.upsertByTelegramId(newcomer)));
assert.equal(met.created, true);
const theirs = orThrow(await sdk.slots.timeView(slot.id, { candidateId: met.candidate.id })).candidate;
assert.deepEqual(
  [theirs.source, theirs.estimated, theirs.startsAt],
  ['candidate', false, '2030-03-18T19:45:00+05:45'],
);

// What a form is given is checked, and answered in its normal form, before anything is written.
assert.equal(orThrow(sdk.validate.timeZone('europe/kiev')), 'Europe/Kyiv');
assert.equal(sdk.validate.timeZone('+05:45').isErr(), true);

orThrow(await sdk.close());
console.log(`${theirs.date} ${theirs.startTime} in Kathmandu is ${view.recruiter.startTime} in New York`);
