import assert from 'node:assert/strict';
import { Instant } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { unique } from '../seeds/unique.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { telegramId } from './telegram-ids.ts';
import { textLimits } from '../../domain/shared/text.ts';

/** Two free slots ahead, one that is held, one whose hold has lapsed, and one in the past. */
async function mixedBoard(sdk: Slotwise): Promise<Board> {
  const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 4, candidates: 2 }));
  const { recruiter, city, slots, candidates } = board;
  const [, , held, lapsed] = slots;
  const [first, second] = candidates;
  assert.ok(held && lapsed && first && second);
  await expectOk(seedBooking(sdk, { slot: held, candidate: first, state: 'held' }));
  const past = Instant.fromEpochMilliseconds(0);
  await expectOk(seedBooking(sdk, { slot: lapsed, candidate: second, state: 'held', expiresAt: past }));
  await expectOk(seedSlot(sdk, { recruiter, city, startsAt: past.plus(MINUTE) }));
  return board;
}

/** What recruiters and cities have to offer, counted. */
export const availabilityContract: ContractSuite = contractSuite('availability', (test) => {
  test('of many recruiters is the free slots ahead and when the next one starts', async (sdk) => {
    const { recruiter, city, slots } = await mixedBoard(sdk);
    const idle = await expectOk(seedRecruiter(sdk));
    const elsewhere = await expectOk(seedCity(sdk));
    const summary = await expectOk(
      sdk.read.recruiters.freeSlotSummary([idle.id, recruiter.id, UNKNOWN_ID, recruiter.id]),
    );
    const mine = { count: 3, nextStart: slots[0]?.startsAt };
    const none = { count: 0, nextStart: undefined };
    assert.deepEqual([...summary.keys()].map(Number), [Number(idle.id), Number(recruiter.id), UNKNOWN_ID]);
    assert.deepEqual([...summary.values()], [none, mine, none]);
    const inCity = async (cityId: number) =>
      (await expectOk(sdk.read.recruiters.freeSlotSummary([recruiter.id], { cityId }))).get(recruiter.id);
    assert.deepEqual(await inCity(city.id), mine);
    assert.deepEqual(await inCity(elsewhere.id), none);
  });

  test('of a city is the same, and cities that have some come first', async (sdk) => {
    const empty = await expectOk(seedCity(sdk, { name: `A ${unique('city')}` }));
    const { recruiter, city, slots } = await mixedBoard(sdk);
    const [first] = slots;
    assert.ok(first);
    const order = async (after?: Instant) => {
      const cities = await expectOk(sdk.read.cities.withAvailability(after));
      const counts = cities.map(({ count }) => count > 0);
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => Number(b) - Number(a)),
      );
      return cities.filter(({ city: { id } }) => id === city.id || id === empty.id);
    };
    assert.deepEqual(await order(), [
      { city, count: 3, nextStart: first.startsAt },
      { city: empty, count: 0, nextStart: undefined },
    ]);
    assert.deepEqual((await order(first.startsAt))[0], { city, count: 2, nextStart: slots[1]?.startsAt });
    assert.deepEqual((await order(Instant.fromEpochMilliseconds(0)))[0]?.count, 3);
    assert.deepEqual(
      (await order(slots[3]?.startsAt)).map(({ count }) => count),
      [0, 0],
    );
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())));
    assert.deepEqual(
      (await order()).map(({ count }) => count),
      [0, 0],
    );
    const summary = await expectOk(sdk.read.recruiters.freeSlotSummary([recruiter.id]));
    assert.equal(summary.get(recruiter.id)?.count, 0);
    await expectOk(sdk.transaction((uow) => uow.cities.update(city.archive())));
    assert.deepEqual(
      (await order()).map((offer) => offer.city.id),
      [empty.id],
    );
  });

  test('follows a change that is not committed yet, within its unit of work', async (sdk, open) => {
    const { recruiter, slot, city, candidate } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow }));
    const inside = await expectOk(uow.recruiters.freeSlotSummary([recruiter.id]));
    assert.equal(inside.get(recruiter.id)?.count, 0);
    const offer = (await expectOk(uow.cities.withAvailability())).find((one) => one.city.id === city.id);
    assert.equal(offer?.count, 0);
    await expectOk(uow.rollback());
    const outside = await expectOk(sdk.read.recruiters.freeSlotSummary([recruiter.id]));
    assert.equal(outside.get(recruiter.id)?.count, 1);
  });

  test('is refused for what is no id and no instant', async (sdk) => {
    const { recruiters, cities } = sdk.read;
    for (const id of refusedIds) {
      await expectErr(recruiters.freeSlotSummary([1, id]), 'Validation', { field: 'ids[1]' });
      await expectErr(recruiters.freeSlotSummary([1], { cityId: id }), 'Validation', { field: 'cityId' });
    }
    await expectErr(recruiters.freeSlotSummary([]), 'Validation', { field: 'ids' });
    await expectErr(recruiters.freeSlotSummary(undefined as never), 'Validation', { field: 'ids' });
    await expectErr(cities.withAvailability('soon'), 'Validation', { field: 'after' });
  });

  test('is asked of a city that is found by its name, or by how the name begins', async (sdk) => {
    const name = unique('Düsseldorf %_\\');
    const city = await expectOk(seedCity(sdk, { name }));
    const longer = await expectOk(seedCity(sdk, { name: `${name} am Rhein` }));
    const find = async (text: string) => (await expectOk(sdk.read.cities.findByName(text)))?.id;
    assert.equal(await find(name), city.id);
    assert.equal(await find(name.toUpperCase()), city.id);
    assert.equal(await find(`${name} AM`), longer.id);
    assert.equal(await find(name.slice(0, -1)), undefined, 'two cities begin like this');
    assert.equal(await find(name.slice(1)), undefined, 'no city begins like this');
    assert.equal(await find(`${name.slice(0, -1)}%`), undefined);
    const archived = await expectOk(sdk.transaction((uow) => uow.cities.update(longer.archive())));
    assert.equal(await find(`${name} am`), undefined);
    assert.equal(await find(archived.name), archived.id);
    for (const text of refusedTexts(textLimits.name))
      await expectErr(sdk.read.cities.findByName(text), 'Validation', { field: 'name' });
  });

  test('is asked of a recruiter who is found by the Telegram chat', async (sdk) => {
    const chat = telegramId({ group: true });
    const recruiter = await expectOk(seedRecruiter(sdk, { telegramChatId: chat }));
    assert.deepEqual(await expectOk(sdk.read.recruiters.findByTelegramChatId(BigInt(chat))), recruiter);
    const inside = sdk.transaction((uow) => uow.recruiters.findByTelegramChatId(chat));
    assert.deepEqual(await expectOk(inside), recruiter);
    assert.equal(await expectOk(sdk.read.recruiters.findByTelegramChatId(telegramId())), undefined);
    await expectErr(sdk.read.recruiters.findByTelegramChatId('me'), 'Validation', { field: 'chatId' });
  });
});
