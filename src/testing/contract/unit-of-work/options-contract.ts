import assert from 'node:assert/strict';
import { ok } from 'neverthrow';
import type { UnitOfWorkOptions } from '../../../application/ports/unit-of-work.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { refusesEverything } from './lifecycle-contract.ts';

const newCity = () => ({ name: unique('City'), timeZone: 'UTC' });

/** What a unit of work can be asked for. */
export const unitOfWorkOptionsContract: ContractSuite = contractSuite(
  'the options of a unit of work',
  (test) => {
    test('readOnly: reads are answered, writes and locks are refused', async (sdk, open) => {
      const { city, slot, candidate } = await expectOk(seedBoard(sdk));
      const uow = open({ readOnly: true });
      const refused = { state: 'read-only' } as const;
      assert.deepEqual(await expectOk(uow.cities.get(city.id)), city);
      await expectErr(uow.cities.add(newCity()), 'UnitOfWorkState', refused);
      await expectErr(uow.cities.update(city.archive()), 'UnitOfWorkState', refused);
      await expectErr(uow.slots.delete(slot.id), 'UnitOfWorkState', refused);
      await expectErr(uow.candidates.getForUpdate(candidate.id), 'UnitOfWorkState', refused);
      await expectErr(uow.bookings.nextId(), 'UnitOfWorkState', refused);
      await expectErr(
        sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, { uow }),
        'UnitOfWorkState',
        refused,
      );
      assert.deepEqual(await expectOk(uow.slots.get(slot.id)), slot);
      assert.deepEqual(await expectOk(uow.commit()), { invalidation: 'applied' });
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('signal: nothing is sent once it is aborted, and nothing is committed', async (sdk, open) => {
      const city = await expectOk(seedCity(sdk));
      const controller = new AbortController();
      const uow = open({ signal: controller.signal });
      const added = await expectOk(uow.cities.add(newCity()));
      controller.abort();
      const aborted = { state: 'aborted' } as const;
      await expectErr(uow.cities.add(newCity()), 'UnitOfWorkState', aborted);
      await expectErr(uow.slots.getForUpdate(1), 'UnitOfWorkState', aborted);
      await expectErr(uow.now(), 'UnitOfWorkState', aborted);
      await expectErr(
        uow.savepoint((inner) => inner.cities.add(newCity())),
        'UnitOfWorkState',
        aborted,
      );
      await expectOk(uow.rollback());
      await refusesEverything(uow, 'rolled-back');
      assert.equal(await expectOk(sdk.read.cities.find(added.id)), undefined);
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('signal: an abort before the commit is an abort of the commit', async (sdk) => {
      const controller = new AbortController();
      const ids: number[] = [];
      await expectErr(
        sdk.transaction(
          async (uow) => {
            ids.push((await expectOk(uow.cities.add(newCity()))).id);
            controller.abort();
            return ok();
          },
          { signal: controller.signal },
        ),
        'UnitOfWorkState',
        { state: 'aborted' },
      );
      assert.equal((await expectOk(sdk.read.cities.getMany(ids))).size, 0);
      await expectErr(
        sdk.transaction((uow) => uow.cities.add(newCity()), { signal: AbortSignal.abort() }),
        'UnitOfWorkState',
        { state: 'aborted' },
      );
      await expectOk(seedCity(sdk));
    });

    for (const isolation of ['repeatable read', 'serializable'] as const)
      test(`isolation ${isolation}: every read sees one moment`, async (sdk, open) => {
        const city = await expectOk(seedCity(sdk));
        const uow = open({ isolation, readOnly: true } satisfies UnitOfWorkOptions);
        assert.deepEqual(await expectOk(uow.cities.get(city.id)), city);
        // With one connection the other transaction waits for this one, which is as good.
        const change = expectOk(sdk.transaction((other) => other.cities.update(city.archive())));
        await Promise.race([change, new Promise((resolve) => setTimeout(resolve, 50))]);
        assert.deepEqual(await expectOk(uow.cities.get(city.id)), city);
        assert.ok((await expectOk(uow.cities.getActive())).some(({ id }) => id === city.id));
        await expectOk(uow.commit());
        assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), await change);
      });
  },
);
