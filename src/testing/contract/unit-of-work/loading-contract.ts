import assert from 'node:assert/strict';
import { err, errAsync, ok, okAsync } from 'neverthrow';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

/** What a unit of work gathers and remembers. */
export const loadingContract: ContractSuite = contractSuite('loading in a unit of work', (test) => {
  test('answers entities of every kind by id, and undefined for what is not there', async (sdk, open) => {
    const { city, recruiter, slot, candidate } = await expectOk(seedBoard(sdk));
    const { booking } = await expectOk(seedBooking(sdk, { slot, candidate }));
    const { load, slots } = open();
    assert.deepEqual(await expectOk(load.cities.load(city.id)), city);
    assert.deepEqual(await expectOk(load.recruiters.load(recruiter.id)), recruiter);
    assert.deepEqual(await expectOk(load.slots.load(slot.id)), await expectOk(slots.get(slot.id)));
    assert.deepEqual(await expectOk(load.candidates.load(candidate.id)), candidate);
    assert.equal((await expectOk(load.bookings.load(booking.id)))?.id, booking.id);
    assert.equal(await expectOk(load.templates.load(999_999)), undefined);
  });

  test('answers many in the order of their ids, twice where one is named twice', async (sdk, open) => {
    const { slots } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const [first, second, third] = slots.map(({ id }) => id);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const { load } = open();
    const loaded = await expectOk(load.slots.loadMany([third, 999_999, first, third]));
    assert.deepEqual(
      loaded.map((slot) => slot?.id),
      [third, undefined, first, third],
    );
    assert.deepEqual(await expectOk(load.slots.loadMany([])), []);
    assert.equal((await expectOk(load.slots.load(second)))?.id, second);
  });

  test('refuses what is no id, and nothing beside it', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const { load } = open();
    const [wrong, right] = await Promise.all([load.cities.load(0), load.cities.load(city.id)]);
    assert.equal(wrong.isErr() && wrong.error.type, 'Validation');
    assert.deepEqual(right.unwrapOr(undefined), city);
    await expectErr(load.cities.loadMany([city.id, -1]), 'Validation', { field: 'ids[1]' });
  });

  test('remembers what was read although somebody else has changed it since', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectOk(uow.load.cities.load(city.id));
    await expectOk(sdk.transaction((other) => other.cities.update(city.archive())));
    assert.equal((await expectOk(uow.load.cities.load(city.id)))?.active, true);
    assert.equal((await expectOk(sdk.read.cities.get(city.id))).active, false);
  });

  test('sees what the unit of work itself writes', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectOk(uow.load.cities.load(city.id));
    await expectOk(uow.cities.update(city.archive()));
    assert.equal((await expectOk(uow.load.cities.load(city.id)))?.active, false);
  });

  test('does not see what a savepoint has taken back', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectErr(
      uow.savepoint(async (inner) => {
        await expectOk(inner.cities.update(city.archive()));
        assert.equal((await expectOk(inner.load.cities.load(city.id)))?.active, false);
        return err({ type: 'ChangedMyMind' } as const);
      }),
      'ChangedMyMind',
    );
    assert.equal((await expectOk(uow.load.cities.load(city.id)))?.active, true);
  });

  test('reads again what has been locked', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectOk(uow.load.cities.load(city.id));
    await expectOk(sdk.transaction((other) => other.cities.update(city.archive())));
    await expectOk(uow.cities.getForShare(city.id));
    assert.equal((await expectOk(uow.load.cities.load(city.id)))?.active, false);
  });

  test('ends with the unit of work', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    await expectOk(uow.load.cities.load(city.id));
    await expectOk(uow.commit());
    await expectErr(uow.load.cities.load(city.id), 'UnitOfWorkState', { state: 'committed' });
  });

  test('runs what is memoised once, unless it fails, and again after a write', async (sdk, open) => {
    const { city } = await expectOk(seedBoard(sdk));
    const uow = open();
    let runs = 0;
    const count = () => {
      runs += 1;
      return okAsync(runs);
    };
    const twice = await Promise.all([uow.memo('runs', count), uow.memo('runs', count)]);
    assert.deepEqual(twice, [ok(1), ok(1)]);
    assert.equal(await expectOk(uow.memo('others', count)), 2);
    await expectOk(uow.cities.update(city.archive()));
    assert.equal(await expectOk(uow.memo('runs', count)), 3);
    await expectErr(
      uow.memo('failing', () => errAsync({ type: 'Busy' } as const)),
      'Busy',
    );
    assert.equal(await expectOk(uow.memo('failing', count)), 4);
    const broken = uow.memo<never, never>('broken', () => {
      throw new Error('boom');
    });
    await expectErr(broken, 'Unexpected');
    await expectErr(uow.memo<never, never>('no result', (() => Promise.resolve(5)) as never), 'Unexpected');
  });
});
