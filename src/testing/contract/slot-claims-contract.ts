import assert from 'node:assert/strict';
import { defaultBookingPolicy } from '../../domain/booking/booking-policy.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk, type Outcome } from './outcome.ts';

const ids = async (locked: Outcome<readonly Slot[], unknown>) => (await expectOk(locked)).map(({ id }) => id);

const terms = { policy: defaultBookingPolicy };

/** Slots that are locked by what they are, not by their id. */
export const slotClaimsContract: ContractSuite = contractSuite('a slot that is claimed', (test) => {
  test('is locked for its candidate with everything they have ahead, by ascending id', async (sdk, open) => {
    const { slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 4, slotsPerRecruiter: 2 }));
    const [first, second, third, fourth, fifth] = slots;
    assert.ok(first && second && third && fourth && fifth);
    await expectOk(seedBooking(sdk, { slot: third, candidate, state: 'booked' }));
    const uow = open();
    assert.deepEqual(await ids(uow.slots.lockActive(candidate.id)), [third.id]);
    assert.deepEqual(await ids(uow.slots.lockForReservation(fifth.id, candidate.id, fourth.id, first.id)), [
      first.id,
      third.id,
      fourth.id,
      fifth.id,
    ]);
    assert.deepEqual(await ids(uow.slots.lockActive(UNKNOWN_ID)), []);
    await expectOk(uow.rollback());
  });

  test('is another one for each that claims, while nobody has committed', async (sdk, open) => {
    const { slots, city, candidates } = await expectOk(
      seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }),
    );
    const [ann, ben] = candidates;
    assert.ok(ann && ben);
    const claim = { cityId: city.id, strategy: 'earliest' } as const;
    const uow = open();
    const first = await expectOk(uow.slots.claimFree({ ...claim, candidateId: ann.id }, terms));
    const second = await expectOk(
      uow.slots.claimFree(
        { ...claim, candidateId: ben.id },
        { ...terms, except: first === undefined ? [] : [first.id] },
      ),
    );
    assert.deepEqual(
      [first?.id, second?.id],
      slots.map(({ id }) => id),
    );
    const none = { ...terms, except: slots.map(({ id }) => id) };
    assert.equal(await expectOk(uow.slots.claimFree({ ...claim, candidateId: ann.id }, none)), undefined);
    await expectOk(uow.rollback());
  });

  test('is due when its hold has lapsed', async (sdk, open) => {
    const { slot: free, candidate } = await expectOk(seedBoard(sdk));
    const expiresAt = Instant.fromEpochMilliseconds(0);
    const { slot } = await expectOk(seedBooking(sdk, { slot: free, candidate, state: 'held', expiresAt }));
    const uow = open();
    const due = await expectOk(uow.slots.claimDue(1_000));
    assert.deepEqual(
      due.filter(({ id }) => id === slot.id),
      [slot],
    );
    await expectOk(uow.rollback());
  });

  test('is asked for with ids and limits that are some', async (sdk, open) => {
    const uow = open();
    const claim = { cityId: 1, candidateId: 1, strategy: 'earliest' } as const;
    for (const id of refusedIds) {
      await expectErr(uow.slots.lockActive(id), 'Validation');
      await expectErr(uow.slots.lockForReservation(1, 1, id), 'Validation');
      await expectErr(uow.slots.claimFree({ ...claim, cityId: id }, terms), 'Validation');
      await expectErr(uow.slots.claimFree({ ...claim, candidateId: id }, terms), 'Validation');
      await expectErr(uow.slots.claimDue(id), 'Validation');
    }
    await expectOk(uow.rollback());
  });
});
