import assert from 'node:assert/strict';
import type { Instant } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import { slotInStatus } from '../../domain/slot/slot-in-status.ts';
import type { NewSlot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, suiteOf, type ContractSuite } from './contract-subject.ts';
import { entityContract } from './entity-contract.ts';
import { freeSlotsContract } from './free-slots-contract.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { manySlotsContract } from './many-slots-contract.ts';
import { expectErr, expectOk } from './outcome.ts';
import { slotBookingAgreementContract } from './slot-booking-agreement-contract.ts';
import { slotGuardsContract } from './slot-guards-contract.ts';

const rows = contractSuite('a slot', (test) => {
  entityContract(test, {
    missing: 'SlotNotFound',
    reader: (sdk) => sdk.read.slots,
    repository: (uow) => uow.slots,
    seed: (sdk) => seedBoard(sdk).map(({ slot }) => slot),
    change: (slot) => slotInStatus(slot, 'canceled'),
  });

  test('is free, and occupied as far as its buffers reach', async (sdk) => {
    const city = await expectOk(seedCity(sdk, { timeZone: 'Asia/Calcutta' }));
    const recruiter = await expectOk(seedRecruiter(sdk));
    const slot = await expectOk(
      seedSlot(sdk, { recruiter, city, minutes: 45, bufferBeforeMinutes: 10, bufferAfterMinutes: 5 }),
    );
    assert.deepEqual(
      [slot.status, slot.purpose, slot.timeZone, slot.candidateId, slot.currentBookingId, slot.holdExpiresAt],
      ['free', 'interview', 'Asia/Kolkata', undefined, undefined, undefined],
    );
    assert.ok(slot.endsAt.equals(slot.startsAt.plus(45 * MINUTE)));
    assert.ok(slot.occupiedFrom.equals(slot.startsAt.plus(-10 * MINUTE)));
    assert.ok(slot.occupiedUntil.equals(slot.endsAt.plus(5 * MINUTE)));
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
  });

  test('takes its times in every form an instant has, to the millisecond', async (sdk) => {
    const { city, recruiter } = await expectOk(seedBoard(sdk));
    const at = Date.parse('2031-05-05T10:00:00.123Z');
    const forms = [new Date(at), '2031-05-05T12:00:00.123+02:00', { epochMilliseconds: at }];
    for (const startsAt of forms) {
      const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
      assert.equal((await expectOk(sdk.read.slots.get(slot.id))).startsAt.epochMilliseconds, at);
      await expectOk(sdk.transaction((uow) => uow.slots.delete(slot.id)));
    }
  });

  test('is refused with input that is wrong', async (sdk) => {
    const { city, recruiter } = await expectOk(seedBoard(sdk));
    const valid: NewSlot = {
      recruiterId: recruiter.id,
      cityId: city.id,
      startsAt: '2031-06-01T10:00:00Z',
      endsAt: '2031-06-01T10:30:00Z',
      timeZone: 'UTC',
    };
    const add = (wrong: Partial<NewSlot>): ReturnType<typeof addSlot> => addSlot(sdk, { ...valid, ...wrong });
    for (const endsAt of [
      '2031-06-01T09:00:00Z',
      valid.startsAt,
      '2031-06-01T10:09:59Z',
      '2031-06-01T14:00:01Z',
    ])
      await expectErr(add({ endsAt }), 'Validation', { field: 'endsAt' });
    for (const startsAt of ['2031-06-01T10:00:00', '2031-02-30T10:00:00Z', 'soon', new Date(Number.NaN)])
      await expectErr(add({ startsAt }), 'Validation', { field: 'startsAt' });
    for (const bufferBeforeMinutes of [-1, 1.5, 241, Number.NaN])
      await expectErr(add({ bufferBeforeMinutes }), 'Validation', { field: 'bufferBeforeMinutes' });
    for (const purpose of ['', 'Interview', 'x'.repeat(65), "x'; drop table slot"])
      await expectErr(add({ purpose }), 'Validation', { field: 'purpose' });
    for (const recruiterId of refusedIds)
      await expectErr(add({ recruiterId }), 'Validation', { field: 'recruiterId' });
    await expectErr(add({ timeZone: 'Nowhere' }), 'InvalidTimeZone');
    await expectErr(add({ recruiterId: UNKNOWN_ID }), 'RecruiterNotFound');
    await expectErr(add({ cityId: UNKNOWN_ID }), 'CityNotFound');
    await expectOk(add({}));
  });

  test('stays when it ever had a booking', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    await expectOk(seedBooking(sdk, { slot, candidate, state: 'canceled' }));
    await expectErr(
      sdk.transaction((uow) => uow.slots.delete(slot.id)),
      'StillReferenced',
      { id: slot.id },
    );
  });

  test('is locked by a read that asks for it, and read as it is stored', async (sdk) => {
    const { slot } = await expectOk(seedBoard(sdk));
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.slots.getForUpdate(slot.id))), slot);
    await expectErr(
      sdk.transaction((uow) => uow.slots.getForUpdate(UNKNOWN_ID)),
      'SlotNotFound',
    );
  });

  test('is locked for a reservation together with what the candidate has ahead, by ascending id', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { recruiters: 4, candidates: 2 }));
    const [wanted, booked, ended, foreign] = board.slots;
    const [candidate, other] = board.candidates;
    assert.ok(wanted && booked && ended && foreign && candidate && other);
    const late = { startsAt: booked.startsAt.plus(300 * MINUTE), city: board.city };
    const later = await expectOk(seedSlot(sdk, { recruiter: board.recruiter, ...late }));
    await expectOk(seedBooking(sdk, { slot: later, candidate, state: 'held' }));
    await expectOk(seedBooking(sdk, { slot: booked, candidate, state: 'booked' }));
    await expectOk(seedBooking(sdk, { slot: ended, candidate, state: 'completed' }));
    await expectOk(seedBooking(sdk, { slot: foreign, candidate: other, state: 'booked' }));
    const locked = await expectOk(
      sdk.transaction((uow) => uow.slots.lockForReservation(wanted.id, candidate.id)),
    );
    assert.deepEqual(
      locked.map(({ id }) => id),
      [wanted.id, booked.id, later.id],
    );
  });

  test('has alternatives: alike, free, later than now, the same recruiter and the nearest first', async (sdk) => {
    const { city, recruiter, slot: wanted, candidate } = await expectOk(seedBoard(sdk));
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const elsewhere = await expectOk(seedCity(sdk));
    const at = (minutes: number): Instant => wanted.startsAt.plus(minutes * MINUTE);
    const far = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(300) }));
    const near = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(-60) }));
    const colleagues = await expectOk(seedSlot(sdk, { recruiter: colleague, city, startsAt: at(0) }));
    const taken = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(60) }));
    await expectOk(seedBooking(sdk, { slot: taken, candidate }));
    await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(120), purpose: 'intro_day' }));
    await expectOk(seedSlot(sdk, { recruiter, city: elsewhere, startsAt: at(180) }));
    await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(-48 * 60) }));

    const found = await expectOk(sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, 5)));
    assert.deepEqual(found, [near, far, colleagues]);
    const one = await expectOk(sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, 1)));
    assert.deepEqual(one, [near]);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.slots.findAlternatives(UNKNOWN_ID, 3))), []);

    await expectOk(sdk.transaction((uow) => uow.recruiters.update(colleague.archive())));
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, 5))), [
      near,
      far,
    ]);
    await expectOk(sdk.transaction((uow) => uow.cities.update(city.archive())));
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, 5))), []);
    for (const limit of [0, -1, 1.5, Number.NaN, 101]) {
      const refused = sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, limit));
      await expectErr(refused, 'Validation', { field: 'limit' });
    }
  });
});

const addSlot = (sdk: Slotwise, slot: NewSlot) => sdk.transaction((uow) => uow.slots.add(slot));

/** What a `SlotRepository` and a `SlotReader` do. */
export const slotRepositoryContract: ContractSuite = suiteOf(
  'slots',
  rows,
  slotGuardsContract,
  manySlotsContract,
  slotBookingAgreementContract,
  freeSlotsContract,
);
