/** A bot that offers slots and takes bookings. The chat is in memory; with grammY or Telegraf the handlers are the same. */
import assert from 'node:assert/strict';
import { createSlotwise, describeError, okAsync, type Slot, type SlotwiseError } from '../src/index.ts';
import { slotTime } from './demo/local-time.ts';
import { FakeChat, type Reply, type User } from './support/fake-chat.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city } = await seedBerlin(sdk);
const bot = new FakeChat();

const say = (text: string): Reply => ({ text, buttons: [] });
const menu = (text: string, slots: readonly Slot[]): Reply => ({
  text,
  buttons: slots.slice(0, 5).map((slot) => [slotTime(slot), `take:${slot.id}`]),
});
const sorry = (error: SlotwiseError): Reply => say(`Sorry: ${describeError(error)}.`);

const candidateOf = ({ id, name }: User) =>
  sdk.read.candidates
    .findByTelegramId(id)
    .andThen((known) =>
      known
        ? okAsync(known)
        : sdk.transaction((uow) => uow.candidates.add({ fullName: name, telegramId: id })),
    );

// #region readme
bot.onCommand('slots', async () => {
  const free = await sdk.read.slots.getFreeForCity(city.id);
  return free.match((slots) => menu('When do you have time?', slots), sorry);
});

bot.onButton('take', async (user, slotId) => {
  const booking = await candidateOf(user).andThen(({ id }) =>
    sdk.booking.reserve({ slotId: Number(slotId), candidateId: id }),
  );
  return booking.match(
    ({ id }) => say(`Booking ${id} is requested, you will hear from us.`),
    (error) => (error.type === 'SlotTaken' ? menu('Gone. How about:', error.alternatives) : sorry(error)),
  );
});
// #endregion

const ben = { id: '7000000001', name: 'Ben' };
const eva = { id: '7000000002', name: 'Eva' };
const offered = await bot.send(ben, '/slots');
const [[, first] = ['', '']] = offered.buttons;
const booked = await bot.send(ben, first);
const tooLate = await bot.send(eva, first);
const [[, other] = ['', '']] = tooLate.buttons;
await bot.send(eva, other);
const last = await bot.send(eva, '/slots');
await bot.send(eva, 'take:-1');
orThrow(await sdk.close());

assert.equal(offered.buttons.length, 3);
assert.match(booked.text, /requested/);
assert.equal(tooLate.buttons.length, 2);
assert.equal(last.buttons.length, 1);
