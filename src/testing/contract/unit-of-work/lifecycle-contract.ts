import assert from 'node:assert/strict';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { UnitOfWorkStateError } from '../../../domain/shared/repository-error.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk, type Outcome } from '../outcome.ts';

const newCity = () => ({ name: unique('City'), timeZone: 'UTC' });

/** One call of every kind; none of them may reach the database once the unit of work has ended. */
const calls = (uow: UnitOfWork): readonly (() => Outcome<unknown, { readonly type: string }>)[] => [
  () => uow.cities.get(1),
  () => uow.cities.getForShare(1),
  () => uow.cities.getActive(),
  () => uow.cities.add(newCity()),
  () => uow.recruiters.getMany([1, 2]),
  () => uow.candidates.findByTelegramId('1'),
  () => uow.slots.getFreeForCity(1),
  () => uow.slots.delete(1),
  () => uow.bookings.nextId(),
  () => uow.now(),
  () => uow.commit(),
  () => uow.savepoint(() => uow.cities.getActive()),
];

export async function refusesEverything(
  uow: UnitOfWork,
  state: UnitOfWorkStateError['state'],
): Promise<void> {
  for (const call of calls(uow)) {
    const error = await expectErr(call(), 'UnitOfWorkState');
    assert.equal((error as unknown as UnitOfWorkStateError).state, state);
  }
}

/** The life of a unit of work that the host opens and ends itself. */
export const lifecycleContract: ContractSuite = contractSuite(
  'a unit of work',
  (test, { invalidation = 'applied' }) => {
    test('shows its writes to itself, and to others only after the commit', async (sdk, open) => {
      const uow = open();
      const city = await expectOk(uow.cities.add(newCity()));
      assert.deepEqual(await expectOk(uow.cities.get(city.id)), city);
      assert.ok((await expectOk(uow.cities.getActive())).some(({ id }) => id === city.id));
      // With one connection a read from outside is only answered after the commit, which is as good.
      let committed = false;
      const outside = (async () => {
        const found = await expectOk(sdk.read.cities.find(city.id));
        return { found, early: !committed };
      })();
      await Promise.race([outside, new Promise((resolve) => setTimeout(resolve, 50))]);
      committed = true;
      assert.deepEqual(await expectOk(uow.commit()), { invalidation });
      const { found, early } = await outside;
      if (early) assert.equal(found, undefined);
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('shows its updates and deletes to itself, whatever was read or cached before', async (sdk, open) => {
      const city = await expectOk(seedCity(sdk));
      await expectOk(sdk.read.cities.get(city.id));
      await expectOk(sdk.read.cities.getActive());
      const uow = open();
      assert.deepEqual(await expectOk(uow.cities.get(city.id)), city);
      const archived = await expectOk(uow.cities.update(city.archive()));
      assert.deepEqual(await expectOk(uow.cities.get(city.id)), archived);
      assert.ok(!(await expectOk(uow.cities.getActive())).some(({ id }) => id === city.id));
      await expectOk(uow.cities.delete(city.id));
      assert.equal(await expectOk(uow.cities.find(city.id)), undefined);
      await expectOk(uow.rollback());
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
      assert.ok((await expectOk(sdk.read.cities.getActive())).some(({ id }) => id === city.id));
    });

    test('answers that it is committed to every call after the commit', async (sdk, open) => {
      const uow = open();
      const city = await expectOk(uow.cities.add(newCity()));
      await expectOk(uow.commit());
      await refusesEverything(uow, 'committed');
      await expectErr(uow.rollback(), 'UnitOfWorkState', { state: 'committed' });
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('is single use also when it had nothing to commit', async (sdk, open) => {
      const uow = open();
      assert.deepEqual(await expectOk(uow.commit()), { invalidation: 'applied' });
      await refusesEverything(uow, 'committed');
    });

    test('stores nothing after a rollback, and answers that it is rolled back', async (sdk, open) => {
      const uow = open();
      const city = await expectOk(uow.cities.add(newCity()));
      await expectOk(uow.rollback());
      await refusesEverything(uow, 'rolled-back');
      assert.equal(await expectOk(sdk.read.cities.find(city.id)), undefined);
    });

    test('rolls back what was not committed when it is disposed of', async (sdk, open) => {
      const uow = open();
      const city = await expectOk(uow.cities.add(newCity()));
      await uow[Symbol.asyncDispose]();
      await refusesEverything(uow, 'rolled-back');
      assert.equal(await expectOk(sdk.read.cities.find(city.id)), undefined);

      const committed = open();
      const kept = await expectOk(committed.cities.add(newCity()));
      await expectOk(committed.commit());
      await committed[Symbol.asyncDispose]();
      assert.deepEqual(await expectOk(sdk.read.cities.get(kept.id)), kept);
    });

    test('runs what comes after the commit in order, when the data can be read', async (sdk, open) => {
      const uow = open();
      const city = await expectOk(uow.cities.add(newCity()));
      const seen: unknown[] = [];
      uow.afterCommit(async () => {
        seen.push(await expectOk(sdk.read.cities.find(city.id)));
      });
      uow.afterCommit(() => {
        seen.push('second');
        throw new Error('the mail server is away');
      });
      uow.afterCommit(() => Promise.reject(new Error('and so is the other')));
      uow.afterCommit(() => void seen.push('last'));
      assert.deepEqual(seen, []);
      await expectOk(uow.commit());
      assert.deepEqual(seen, [city, 'second', 'last']);
    });

    test('runs nothing after a rollback', async (sdk, open) => {
      const uow = open();
      await expectOk(uow.cities.add(newCity()));
      const seen: string[] = [];
      uow.afterCommit(() => void seen.push('called'));
      await expectOk(uow.rollback());
      assert.deepEqual(seen, []);
    });

    test('runs statements that were started together one after the other', async (sdk, open) => {
      const city = await expectOk(seedCity(sdk));
      const uow = open();
      const [added, updated, found, now] = await Promise.all([
        expectOk(uow.cities.add(newCity())),
        expectOk(uow.cities.update(city.archive())),
        expectOk(uow.cities.get(city.id)),
        expectOk(uow.now()),
      ]);
      // An update may take two statements, and the read may come between them.
      assert.ok([city.version, updated.version].includes(found.version));
      assert.ok(now.epochMilliseconds > 0);
      const [, after] = await Promise.all([expectOk(uow.commit()), uow.cities.get(city.id)]);
      assert.ok(after.isErr() && after.error.type === 'UnitOfWorkState');
      assert.deepEqual(await expectOk(sdk.read.cities.get(added.id)), added);
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), updated);
    });
  },
);
