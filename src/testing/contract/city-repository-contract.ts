import assert from 'node:assert/strict';
import { City } from '../../domain/city/city.ts';
import { textLimits } from '../../domain/shared/text.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { unique } from '../seeds/unique.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { entityContract } from './entity-contract.ts';
import { hostileTexts, refusedTexts } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { everyItem, pagingContract } from './paging-contract.ts';

const renamed = (city: City): City => city.rename(`${city.name}!`).unwrapOr(city);

const idsOf = (cities: readonly City[]): readonly number[] => cities.map(({ id }) => id);

/** What a `CityRepository` and a `CityReader` do. */
export const cityRepositoryContract: ContractSuite = contractSuite('a city', (test) => {
  entityContract(test, {
    missing: 'CityNotFound',
    reader: (sdk) => sdk.read.cities,
    repository: (uow) => uow.cities,
    seed: (sdk) => seedCity(sdk),
    change: renamed,
  });
  pagingContract(
    test,
    (sdk) => (page) => sdk.read.cities.list({}, page),
    (sdk) => seedCity(sdk),
  );

  test('has the current name of its time zone', async (sdk) => {
    const city = await expectOk(seedCity(sdk, { timeZone: 'europe/kiev' }));
    assert.equal(city.timeZone, 'Europe/Kyiv');
    assert.equal((await expectOk(sdk.read.cities.get(city.id))).timeZone, 'Europe/Kyiv');
  });

  test('keeps any text as its name', async (sdk) => {
    for (const text of hostileTexts) {
      const name = `${text}${unique(' ')}${text}`;
      const city = await expectOk(seedCity(sdk, { name }));
      assert.equal(city.name, name);
      assert.equal((await expectOk(sdk.transaction((uow) => uow.cities.get(city.id)))).name, name);
      assert.equal((await expectOk(sdk.read.cities.get(city.id))).name, name);
    }
    const longest = unique('').padEnd(textLimits.name - 1, 'x');
    const city = await expectOk(seedCity(sdk, { name: `${longest}👩` }));
    assert.equal((await expectOk(sdk.read.cities.get(city.id))).name, `${longest}👩`);
  });

  test('is refused with a name or a time zone that is none, and nothing is stored', async (sdk) => {
    const before = await everyItem((page) => sdk.read.cities.list({}, page));
    for (const name of refusedTexts(textLimits.name))
      await expectErr(seedCity(sdk, { name }), 'Validation', { field: 'name' });
    for (const timeZone of ['Mars/Olympus', '', '+03:00', "'; drop table city; --"])
      await expectErr(seedCity(sdk, { timeZone }), 'InvalidTimeZone', { field: 'timeZone', value: timeZone });
    const after = await everyItem((page) => sdk.read.cities.list({}, page));
    assert.deepEqual(idsOf(after), idsOf(before));
  });

  test('is checked by an update as when it was new', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const update = (change: object) =>
      sdk.transaction((uow) => uow.cities.update(new City({ ...city, ...change })));
    for (const name of refusedTexts(textLimits.name))
      await expectErr(update({ name }), 'Validation', { field: 'name' });
    await expectErr(update({ timeZone: 'Nope/Zone' }), 'InvalidTimeZone', { field: 'timeZone' });
    assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    assert.equal((await expectOk(update({ timeZone: 'europe/kiev' }))).timeZone, 'Europe/Kyiv');
  });

  test('has a name of its own, whatever its case', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const other = await expectOk(seedCity(sdk));
    const name = city.name.toUpperCase();
    await expectErr(seedCity(sdk, { name }), 'CityExists', { name });
    await expectErr(
      sdk.transaction((uow) => other.rename(name).asyncAndThen((taken) => uow.cities.update(taken))),
      'CityExists',
      { name },
    );
    assert.deepEqual(await expectOk(sdk.read.cities.get(other.id)), other);
  });

  test('may change the case of its own name', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const name = city.name.toUpperCase();
    const stored = await expectOk(
      sdk.transaction((uow) => city.rename(name).asyncAndThen((shouted) => uow.cities.update(shouted))),
    );
    assert.equal(stored.name, name);
  });

  test('is in the active list by name until it is archived, and again when it is restored', async (sdk) => {
    const b = await expectOk(seedCity(sdk, { name: `B ${unique('city')}` }));
    const a = await expectOk(seedCity(sdk, { name: `A ${unique('city')}` }));
    const c = await expectOk(seedCity(sdk, { name: `C ${unique('city')}`, active: false }));
    const mine = [a, b, c].map(({ id }) => id);
    const active = async (): Promise<readonly number[]> =>
      idsOf(await expectOk(sdk.read.cities.getActive())).filter((id) => mine.some((own) => own === id));
    const listed = async (wanted: boolean): Promise<readonly number[]> =>
      idsOf(await everyItem((page) => sdk.read.cities.list({ active: wanted }, page)));

    assert.deepEqual(await active(), [a.id, b.id]);
    const archived = await expectOk(sdk.transaction((uow) => uow.cities.update(a.archive())));
    assert.deepEqual(await active(), [b.id]);
    assert.ok((await listed(false)).includes(a.id));
    assert.ok(!(await listed(true)).includes(a.id));
    await expectOk(sdk.transaction((uow) => uow.cities.update(archived.restore())));
    assert.deepEqual(await active(), [a.id, b.id]);
    assert.ok((await listed(true)).includes(a.id));
  });

  test('stays while a recruiter or a slot refers to it', async (sdk) => {
    const linked = await expectOk(seedCity(sdk));
    await expectOk(seedRecruiter(sdk, { cityIds: [linked.id] }));
    const { city: offered } = await expectOk(seedBoard(sdk));
    for (const { id } of [linked, offered]) {
      await expectErr(
        sdk.transaction((uow) => uow.cities.delete(id)),
        'StillReferenced',
        { id },
      );
      assert.equal((await expectOk(sdk.read.cities.get(id))).id, id);
    }
  });

  test('is locked by a read that asks for it, and read as it is stored', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    await expectOk(sdk.read.cities.get(city.id));
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.cities.getForShare(city.id))), city);
    await expectErr(
      sdk.transaction((uow) => uow.cities.getForShare(-1)),
      'Validation',
    );
  });
});
