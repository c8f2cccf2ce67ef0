/** Texts of a city of its own, texts for all cities, and what is said where nobody has written anything. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const addCity = (name: string, timeZone: string) =>
  sdk.transaction((uow) => uow.cities.add({ name, timeZone }));
const berlin = orThrow(await addCity('Berlin', 'Europe/Berlin'));
const riga = orThrow(await addCity('Riga', 'Europe/Riga'));

const approved = { key: 'booking_approved', locale: 'en', channel: 'html' } as const;
const variables = { recruiter: 'Ann & Bob', date: '7 January', time: '10:00', timeZone: 'Europe/Berlin' };

/** What a candidate in this city is sent. Values are escaped, the text itself is not. */
const message = async (cityId: number): Promise<string> =>
  orThrow(await sdk.templates.render({ ...approved, cityId, variables })).text;

// Nobody has written anything yet, so this is the SDK's own text.
assert.match(await message(berlin.id), /^Your interview with Ann &amp; Bob is booked: 7 January at 10:00/);

// A text for all cities, and one that only Berlin uses.
const body = '<b>{date}, {time}</b> with {recruiter}.';
orThrow(await sdk.transaction((uow) => uow.templates.publishVersion({ ...approved, body })));
const inBerlin = { ...approved, cityId: berlin.id, body: 'Come to Berlin on <b>{date}</b> at {time}!' };
const own = orThrow(await sdk.transaction((uow) => uow.templates.publishVersion(inBerlin)));
assert.equal(await message(berlin.id), 'Come to Berlin on <b>7 January</b> at 10:00!');
assert.equal(await message(riga.id), '<b>7 January, 10:00</b> with Ann &amp; Bob.');

// The next version is in use as soon as it is committed; an earlier one can be brought back.
const next = { ...inBerlin, body: 'Berlin: {date}, {time}.' };
orThrow(await sdk.transaction((uow) => uow.templates.publishVersion(next, { basedOn: own.version })));
assert.equal(await message(berlin.id), 'Berlin: 7 January, 10:00.');
orThrow(await sdk.transaction((uow) => uow.templates.activate(own.id)));
assert.equal(await message(berlin.id), 'Come to Berlin on <b>7 January</b> at 10:00!');

// Out of use, Berlin has the text that is for all.
orThrow(await sdk.transaction((uow) => uow.templates.archive(own.id)));
assert.equal(await message(berlin.id), await message(riga.id));
const { items } = orThrow(await sdk.read.templates.history({ ...approved, cityId: berlin.id }));
assert.deepEqual(
  items.map(({ version, active }) => [version, active]),
  [
    [1, false],
    [2, false],
  ],
);

// A mistyped placeholder is found when the text is stored, a value that is missing when it is rendered.
const typo = await sdk.transaction((uow) => uow.templates.publishVersion({ ...approved, body: '{date' }));
assert.equal(typo.isErr() && typo.error.type, 'Validation');
const incomplete = await sdk.templates.render({ ...approved, variables: { date: '7 January' } });
assert.equal(incomplete.isErr() && incomplete.error.type, 'MissingVariable');

orThrow(await sdk.close());
console.log('each city was answered its own text, or the one for all, or the one that is built in');
