import assert from 'node:assert/strict';
import { err, ok } from 'neverthrow';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { City } from '../../../domain/city/city.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

const addCity = (uow: UnitOfWork) => uow.cities.add({ name: unique('City'), timeZone: 'UTC' });

const refusal = { type: 'ChangedMyMind' } as const;

/** Writes a city, and then does not want it. */
const addInVain = (uow: UnitOfWork, undone: City[]) =>
  addCity(uow)
    .andTee((city) => undone.push(city))
    .andThen(() => err(refusal));

/** Savepoints, and use cases that join a host's unit of work in one. */
export const savepointContract: ContractSuite = contractSuite('a savepoint', (test) => {
  test('keeps what its work wrote when that answers Ok, if the commit follows', async (sdk, open) => {
    const uow = open();
    const first = await expectOk(uow.savepoint(addCity));
    const second = await expectOk(uow.savepoint(addCity));
    assert.deepEqual(await expectOk(uow.cities.get(first.id)), first);
    await expectOk(uow.commit());
    assert.equal((await expectOk(sdk.read.cities.getMany([first.id, second.id]))).size, 2);
  });

  test('is lost with the unit of work around it', async (sdk, open) => {
    const uow = open();
    const city = await expectOk(uow.savepoint(addCity));
    await expectOk(uow.rollback());
    assert.equal(await expectOk(sdk.read.cities.find(city.id)), undefined);
  });

  test('undoes only what its own work wrote when that answers Err or throws', async (sdk, open) => {
    const undone: City[] = [];
    const uow = open();
    const before = await expectOk(addCity(uow));
    const error = await expectErr(
      uow.savepoint((inner) => addInVain(inner, undone)),
      'ChangedMyMind',
    );
    assert.equal(error, refusal);
    const cause = new Error('boom');
    const thrown = await expectErr(
      uow.savepoint<never, never>(async (inner) => {
        undone.push(await expectOk(addCity(inner)));
        throw cause;
      }),
      'Unexpected',
    );
    assert.equal(thrown.cause, cause);
    const after = await expectOk(addCity(uow));
    await expectOk(uow.commit());
    assert.equal(undone.length, 2);
    for (const { id } of [before, after]) assert.equal((await expectOk(sdk.read.cities.get(id))).id, id);
    for (const { id } of undone) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
  });

  test('nests: the outer one decides about the inner ones', async (sdk, open) => {
    const undone: City[] = [];
    const kept: City[] = [];
    const uow = open();
    await expectOk(
      uow.savepoint(async (outer) => {
        kept.push(await expectOk(addCity(outer)));
        await expectErr(
          outer.savepoint((inner) => addInVain(inner, undone)),
          'ChangedMyMind',
        );
        kept.push(await expectOk(outer.savepoint(addCity)));
        return ok();
      }),
    );
    await expectErr(
      uow.savepoint(async (outer) => {
        undone.push(await expectOk(outer.savepoint(addCity)));
        return err(refusal);
      }),
      'ChangedMyMind',
    );
    await expectOk(uow.commit());
    for (const { id } of kept) assert.equal((await expectOk(sdk.read.cities.get(id))).id, id);
    for (const { id } of undone) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
    assert.deepEqual([kept.length, undone.length], [2, 2]);
  });

  test('forgets what was to come after the commit when it is undone', async (_sdk, open) => {
    const uow = open();
    const called: string[] = [];
    await expectErr(
      uow.savepoint((inner) => {
        inner.afterCommit(() => void called.push('undone'));
        return Promise.resolve(err(refusal));
      }),
      'ChangedMyMind',
    );
    await expectOk(
      uow.savepoint((inner) => {
        inner.afterCommit(() => void called.push('kept'));
        return addCity(inner);
      }),
    );
    await expectOk(uow.commit());
    assert.deepEqual(called, ['kept']);
  });

  test('carries a use case that joins, and its result is only there after the commit', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const command = { slotId: slot.id, candidateId: candidate.id };
    const lost = open();
    const attempt = await expectOk(sdk.booking.reserve(command, { uow: lost }));
    assert.equal((await expectOk(lost.slots.get(slot.id))).currentBookingId, attempt.id);
    await expectOk(lost.rollback());
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);

    const uow = open();
    const booking = await expectOk(sdk.booking.reserve(command, { uow }));
    const city = await expectOk(addCity(uow));
    await expectOk(uow.commit());
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).currentBookingId, booking.id);
    assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
  });

  test('undoes a use case that is refused, and leaves the host able to go on', async (sdk, open) => {
    const { slots, candidates, city, recruiter } = await expectOk(
      seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }),
    );
    const [taken, free] = slots;
    const [holder, candidate] = candidates;
    assert.ok(taken && free && holder && candidate);
    await expectOk(seedBooking(sdk, { slot: taken, candidate: holder }));
    const uow = open();
    const error = await expectErr(
      sdk.booking.reserve({ slotId: taken.id, candidateId: candidate.id }, { uow }),
      'SlotTaken',
      { slotId: taken.id },
    );
    assert.deepEqual(error.alternatives, [free]);
    await expectErr(
      sdk.slots.publish(
        { recruiterId: recruiter.id, cityId: city.id, startsAt: free.startsAt, endsAt: free.endsAt },
        { uow },
      ),
      'SlotOverlap',
    );
    const [alternative] = error.alternatives;
    assert.ok(alternative);
    const booking = await expectOk(
      sdk.booking.reserve({ slotId: alternative.id, candidateId: candidate.id }, { uow }),
    );
    await expectOk(uow.commit());
    assert.equal((await expectOk(sdk.read.slots.get(free.id))).currentBookingId, booking.id);
  });
});
