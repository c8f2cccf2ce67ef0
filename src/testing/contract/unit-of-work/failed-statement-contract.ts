import assert from 'node:assert/strict';
import { ok } from 'neverthrow';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { City } from '../../../domain/city/city.ts';
import { slotInStatus } from '../../../domain/slot/slot-in-status.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { refusesEverything } from './lifecycle-contract.ts';

const newCity = () => ({ name: unique('City'), timeZone: 'UTC' });

const violate = (uow: UnitOfWork, { name }: City) => uow.cities.add({ name, timeZone: 'UTC' });

/** PostgreSQL refuses every statement after a failed one; nobody may be told that such a transaction was committed. */
export const failedStatementContract: ContractSuite = contractSuite('a failed statement', (test) => {
  test('leaves nothing but the way back', async (sdk, open) => {
    const existing = await expectOk(seedCity(sdk));
    const uow = open();
    await expectOk(uow.cities.add(newCity()));
    await expectErr(violate(uow, existing), 'CityExists');
    await expectErr(uow.cities.add(newCity()), 'UnitOfWorkState', { state: 'rollback-only' });
    await expectErr(uow.cities.get(existing.id), 'UnitOfWorkState', { state: 'rollback-only' });
    await expectErr(uow.cities.getActive(), 'UnitOfWorkState', { state: 'rollback-only' });
    await expectErr(uow.slots.getForUpdate(1), 'UnitOfWorkState', { state: 'rollback-only' });
    await expectErr(
      uow.savepoint(() => Promise.resolve(ok())),
      'UnitOfWorkState',
      { state: 'rollback-only' },
    );
    await expectOk(uow.rollback());
    await refusesEverything(uow, 'rolled-back');
  });

  test('makes the commit say that nothing was committed', async (sdk, open) => {
    const existing = await expectOk(seedCity(sdk));
    const uow = open();
    const lost = await expectOk(uow.cities.add(newCity()));
    const called: string[] = [];
    uow.afterCommit(() => void called.push('called'));
    await expectErr(violate(uow, existing), 'CityExists');
    await expectErr(uow.commit(), 'UnitOfWorkState', { state: 'rollback-only' });
    assert.deepEqual(called, []);
    await uow[Symbol.asyncDispose]();
    assert.equal(await expectOk(sdk.read.cities.find(lost.id)), undefined);
  });

  test('cannot be swallowed by the work of a transaction', async (sdk) => {
    const existing = await expectOk(seedCity(sdk));
    const lost: City[] = [];
    await expectErr(
      sdk.transaction((uow) =>
        uow.cities
          .add(newCity())
          .andTee((city) => lost.push(city))
          .andThen(() => violate(uow, existing))
          .orElse(() => ok(existing)),
      ),
      'UnitOfWorkState',
      { state: 'rollback-only' },
    );
    for (const { id } of lost) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
    assert.equal(lost.length, 1);
    await expectOk(seedCity(sdk));
  });

  test('is undone with the savepoint around it', async (sdk, open) => {
    const existing = await expectOk(seedCity(sdk));
    const uow = open();
    const before = await expectOk(uow.cities.add(newCity()));
    const undone: City[] = [];
    await expectErr(
      uow.savepoint((inner) =>
        inner.cities
          .add(newCity())
          .andTee((city) => undone.push(city))
          .andThen(() => violate(inner, existing)),
      ),
      'CityExists',
    );
    const after = await expectOk(uow.cities.add(newCity()));
    await expectOk(uow.commit());
    for (const { id } of [before, after]) assert.equal((await expectOk(sdk.read.cities.get(id))).id, id);
    for (const { id } of undone) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
    assert.equal(undone.length, 1);
  });

  test('cannot be swallowed by the work of a savepoint either', async (sdk, open) => {
    const existing = await expectOk(seedCity(sdk));
    const uow = open();
    await expectErr(
      uow.savepoint((inner) => violate(inner, existing).orElse(() => ok(existing))),
      'UnitOfWorkState',
      { state: 'rollback-only' },
    );
    const kept = await expectOk(uow.cities.add(newCity()));
    await expectOk(uow.commit());
    assert.deepEqual(await expectOk(sdk.read.cities.get(kept.id)), kept);
  });

  test('is not what input that is wrong, an absent row or an older version is', async (sdk, open) => {
    const { city, slot } = await expectOk(seedBoard(sdk));
    const archived = await expectOk(sdk.transaction((uow) => uow.cities.update(city.archive())));
    const uow = open();
    await expectErr(uow.cities.add({ name: '', timeZone: 'UTC' }), 'Validation');
    await expectErr(uow.cities.add({ name: 'x', timeZone: 'Nowhere' }), 'InvalidTimeZone');
    await expectErr(uow.cities.get(UNKNOWN_ID), 'CityNotFound');
    await expectErr(uow.cities.getForShare(UNKNOWN_ID), 'CityNotFound');
    await expectErr(uow.cities.delete(UNKNOWN_ID), 'CityNotFound');
    await expectErr(uow.bookings.lockWithSlot(UNKNOWN_ID), 'BookingNotFound');
    await expectErr(uow.cities.update(city), 'StaleVersion');
    const kept = await expectOk(uow.cities.update(archived.restore()));
    await expectOk(uow.slots.update(slotInStatus(slot, 'canceled')));
    await expectOk(uow.commit());
    assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), kept);
  });
});
