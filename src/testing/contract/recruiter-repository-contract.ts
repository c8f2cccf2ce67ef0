import assert from 'node:assert/strict';
import type { CityId } from '../../domain/shared/id.ts';
import { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { textLimits } from '../../domain/shared/text.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedCandidate } from '../seeds/seed-candidate.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { unique } from '../seeds/unique.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { entityContract } from './entity-contract.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { everyItem, pagingContract } from './paging-contract.ts';
import { telegramId } from './telegram-ids.ts';

const renamed = (recruiter: Recruiter): Recruiter =>
  recruiter.rename(`${recruiter.name}!`).unwrapOr(recruiter);

const idsOf = (recruiters: readonly Recruiter[]): readonly number[] => recruiters.map(({ id }) => id);

/** What a `RecruiterRepository` and a `RecruiterReader` do. */
export const recruiterRepositoryContract: ContractSuite = contractSuite('a recruiter', (test) => {
  entityContract(test, {
    missing: 'RecruiterNotFound',
    reader: (sdk) => sdk.read.recruiters,
    repository: (uow) => uow.recruiters,
    seed: (sdk) =>
      seedCity(sdk).andThen(({ id }) =>
        seedRecruiter(sdk, { cityIds: [id], telegramChatId: telegramId({ group: true }) }),
      ),
    change: renamed,
  });
  pagingContract(
    test,
    (sdk) => (page) => sdk.read.recruiters.list({}, page),
    (sdk) => seedRecruiter(sdk),
  );

  test('keeps any text as a name', async (sdk) => {
    for (const name of hostileTexts) {
      const recruiter = await expectOk(seedRecruiter(sdk, { name }));
      assert.equal((await expectOk(sdk.transaction((uow) => uow.recruiters.get(recruiter.id)))).name, name);
      assert.equal((await expectOk(sdk.read.recruiters.get(recruiter.id))).name, name);
    }
  });

  test('is refused with input that is wrong', async (sdk) => {
    for (const name of refusedTexts(textLimits.name))
      await expectErr(seedRecruiter(sdk, { name }), 'Validation', { field: 'name' });
    for (const id of refusedIds)
      await expectErr(seedRecruiter(sdk, { cityIds: [1, id] }), 'Validation', { field: 'cityIds[1]' });
    for (const telegramChatId of ['', 'x', '1.5', 0, 10n ** 19n, 2 ** 60])
      await expectErr(seedRecruiter(sdk, { telegramChatId }), 'Validation', { field: 'telegramChatId' });
    await expectErr(seedRecruiter(sdk, { timeZone: 'Nowhere' }), 'InvalidTimeZone');
  });

  test('is checked by an update as when it was new', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const recruiter = await expectOk(seedRecruiter(sdk));
    const update = (change: object) =>
      sdk.transaction((uow) => uow.recruiters.update(new Recruiter({ ...recruiter, ...change })));
    for (const name of refusedTexts(textLimits.name))
      await expectErr(update({ name }), 'Validation', { field: 'name' });
    for (const id of refusedIds)
      await expectErr(update({ cityIds: [id] }), 'Validation', { field: 'cityIds[0]' });
    await expectErr(update({ telegramChatId: 'x' }), 'Validation', { field: 'telegramChatId' });
    await expectErr(update({ timeZone: 'Nope/Zone' }), 'InvalidTimeZone', { field: 'timeZone' });
    assert.deepEqual(await expectOk(sdk.read.recruiters.get(recruiter.id)), recruiter);
    assert.deepEqual((await expectOk(update({ cityIds: [city.id, city.id] }))).cityIds, [city.id]);
  });

  test('works in each city once, and in no city that does not exist', async (sdk) => {
    const first = await expectOk(seedCity(sdk));
    const second = await expectOk(seedCity(sdk));
    const recruiter = await expectOk(seedRecruiter(sdk, { cityIds: [second.id, first.id, second.id] }));
    assert.deepEqual(recruiter.cityIds, [first.id, second.id]);
    assert.deepEqual(await expectOk(sdk.read.recruiters.get(recruiter.id)), recruiter);

    const withUnknown = seedRecruiter(sdk, { cityIds: [first.id, UNKNOWN_ID, second.id] });
    await expectErr(withUnknown, 'CityNotFound', { id: UNKNOWN_ID as CityId });
    await expectErr(
      sdk.transaction((uow) =>
        recruiter.assignCities([UNKNOWN_ID]).asyncAndThen((moved) => uow.recruiters.update(moved)),
      ),
      'CityNotFound',
    );
    assert.deepEqual(await expectOk(sdk.read.recruiters.get(recruiter.id)), recruiter);
  });

  test('is in the list of every city it works in, by name, while it is active', async (sdk) => {
    const here = await expectOk(seedCity(sdk));
    const there = await expectOk(seedCity(sdk));
    const b = await expectOk(seedRecruiter(sdk, { name: `B ${unique('name')}`, cityIds: [here.id] }));
    const a = await expectOk(
      seedRecruiter(sdk, { name: `A ${unique('name')}`, cityIds: [here.id, there.id] }),
    );
    const inCity = async (id: number): Promise<readonly number[]> =>
      idsOf(await expectOk(sdk.read.recruiters.getByCity(id)));
    assert.deepEqual(await inCity(here.id), [a.id, b.id]);
    assert.deepEqual(await inCity(there.id), [a.id]);

    const moved = await expectOk(
      sdk.transaction((uow) =>
        a.assignCities([there.id]).asyncAndThen((next) => uow.recruiters.update(next)),
      ),
    );
    assert.deepEqual(await inCity(here.id), [b.id]);
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(moved.archive())));
    assert.deepEqual(await inCity(there.id), []);
    assert.deepEqual(await inCity(UNKNOWN_ID), []);
    await expectErr(sdk.read.recruiters.getByCity(-1), 'Validation');
  });

  test('is in the active list by name until it is archived', async (sdk) => {
    const b = await expectOk(seedRecruiter(sdk, { name: `B ${unique('name')}` }));
    const a = await expectOk(seedRecruiter(sdk, { name: `A ${unique('name')}` }));
    const mine = [a, b].map(({ id }) => id);
    const active = async (): Promise<readonly number[]> =>
      idsOf(await expectOk(sdk.read.recruiters.getActive())).filter((id) => mine.some((own) => own === id));
    assert.deepEqual(await active(), [a.id, b.id]);
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(a.archive())));
    assert.deepEqual(await active(), [b.id]);
  });

  test('is listed by city and by whether it is active', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const active = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const archived = await expectOk(seedRecruiter(sdk, { cityIds: [city.id], active: false }));
    const listed = async (filter: { active?: boolean }): Promise<readonly number[]> =>
      idsOf(await everyItem((page) => sdk.read.recruiters.list({ ...filter, cityId: city.id }, page)));
    assert.deepEqual(await listed({}), [active.id, archived.id]);
    assert.deepEqual(await listed({ active: true }), [active.id]);
    assert.deepEqual(await listed({ active: false }), [archived.id]);
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(archived.restore())));
    assert.deepEqual(await listed({ active: true }), [active.id, archived.id]);
    assert.deepEqual(await listed({ active: false }), []);
    await expectErr(sdk.read.recruiters.list({ cityId: 0 }), 'Validation');
  });

  test('has a Telegram chat that no other recruiter has', async (sdk) => {
    const chat = telegramId({ group: true });
    const recruiter = await expectOk(seedRecruiter(sdk, { telegramChatId: BigInt(chat) }));
    assert.equal(recruiter.telegramChatId, chat);
    await expectErr(seedRecruiter(sdk, { telegramChatId: chat }), 'TelegramIdTaken', {
      telegramId: recruiter.telegramChatId,
    });
    const shared = telegramId();
    await expectOk(seedCandidate(sdk, { telegramId: shared }));
    await expectOk(seedRecruiter(sdk, { telegramChatId: shared }));
  });

  test('stays while a slot refers to it, and takes its links to cities along', async (sdk) => {
    const { city, recruiter, slot } = await expectOk(seedBoard(sdk));
    await expectErr(
      sdk.transaction((uow) => uow.recruiters.delete(recruiter.id)),
      'StillReferenced',
      { id: recruiter.id },
    );
    await expectOk(
      sdk.transaction((uow) => uow.slots.delete(slot.id).andThen(() => uow.recruiters.delete(recruiter.id))),
    );
    assert.deepEqual(await expectOk(sdk.read.recruiters.getByCity(city.id)), []);
    await expectOk(sdk.transaction((uow) => uow.cities.delete(city.id)));
  });

  test('is locked by a read that asks for it, and read as it is stored', async (sdk) => {
    const { recruiter } = await expectOk(seedBoard(sdk));
    const locked = await expectOk(sdk.transaction((uow) => uow.recruiters.getForShare(recruiter.id)));
    assert.deepEqual(locked, recruiter);
  });
});
