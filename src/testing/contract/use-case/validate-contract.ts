import assert from 'node:assert/strict';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

export const validateContract: ContractSuite = contractSuite('a check for forms', (test) => {
  test('answers the recruiter, city or candidate that is there and in use', async (sdk) => {
    const { recruiter, city, candidate } = await expectOk(seedBoard(sdk));
    assert.deepEqual(await expectOk(sdk.validate.recruiter(recruiter.id)), recruiter);
    assert.deepEqual(await expectOk(sdk.validate.city(city.id)), city);
    assert.deepEqual(await expectOk(sdk.validate.candidate(candidate.id)), candidate);
    const linked = { recruiterId: recruiter.id, cityId: city.id };
    assert.deepEqual(await expectOk(sdk.validate.recruiterInCity(linked)), { recruiter, city });
  });

  test('refuses whoever is not there, archived or does not work there', async (sdk) => {
    const { recruiter, city, candidate } = await expectOk(seedBoard(sdk));
    const elsewhere = await expectOk(seedCity(sdk));
    const { validate } = sdk;
    await expectErr(validate.recruiter(UNKNOWN_ID), 'RecruiterNotFound', { id: UNKNOWN_ID as never });
    await expectErr(validate.city(UNKNOWN_ID), 'CityNotFound', { id: UNKNOWN_ID as never });
    await expectErr(validate.candidate(UNKNOWN_ID), 'CandidateNotFound', { id: UNKNOWN_ID as never });
    const linked = { recruiterId: recruiter.id, cityId: city.id };
    await expectErr(validate.recruiterInCity({ ...linked, cityId: elsewhere.id }), 'CityNotLinked', {
      recruiterId: recruiter.id,
      cityId: elsewhere.id,
    });
    await expectErr(validate.recruiterInCity({ ...linked, recruiterId: UNKNOWN_ID }), 'RecruiterNotFound');

    // What was read before is in the cache, and must not be answered after the change.
    await expectOk(validate.recruiterInCity(linked));
    await expectOk(validate.candidate(candidate.id));
    await expectOk(
      sdk.transaction((uow) =>
        uow.recruiters
          .update(recruiter.archive())
          .andThen(() => uow.cities.update(city.archive()))
          .andThen(() => uow.candidates.update(candidate.archive())),
      ),
    );
    await expectErr(validate.recruiter(recruiter.id), 'RecruiterInactive', { id: recruiter.id });
    await expectErr(validate.city(city.id), 'CityInactive', { id: city.id });
    await expectErr(validate.candidate(candidate.id), 'CandidateInactive', { id: candidate.id });
    await expectErr(validate.recruiterInCity(linked), 'RecruiterInactive');
  });

  test('refuses what is no id, before anything is read', async (sdk) => {
    const { validate } = sdk;
    for (const id of refusedIds) {
      await expectErr(validate.recruiter(id), 'Validation', { field: 'recruiterId' });
      await expectErr(validate.city(id), 'Validation', { field: 'cityId' });
      await expectErr(validate.candidate(id), 'Validation', { field: 'candidateId' });
      await expectErr(validate.freeSlot(id), 'Validation', { field: 'slotId' });
    }
    await expectErr(validate.recruiterInCity(undefined as never), 'Validation');
  });

  test('answers text as it came, and refuses what could not be stored', async ({ validate }) => {
    for (const text of hostileTexts) {
      for (const check of ['name', 'username', 'reason', 'templateBody'] as const)
        assert.equal(await expectOk(validate[check](text)), text);
      const phone = [...text].slice(0, textLimits.phone).join('');
      assert.equal(await expectOk(validate.phone(phone)), phone);
    }
    for (const check of ['name', 'username', 'phone', 'reason'] as const)
      for (const text of refusedTexts(textLimits[check])) {
        await expectErr(validate[check](text), 'Validation', { field: check });
        await expectErr(validate[check](text, 'form.field'), 'Validation', { field: 'form.field' });
      }
    await expectErr(validate.templateBody('{first name}'), 'Validation', { field: 'body' });
  });

  test('answers the normal form of Telegram ids and time zones', async ({ validate }) => {
    assert.equal(await expectOk(validate.telegramId(12n)), '12');
    assert.equal(await expectOk(validate.telegramId('9007199254740993')), '9007199254740993');
    for (const wrong of ['', '01', '-1', 2 ** 53, 1.5])
      await expectErr(validate.telegramId(wrong), 'Validation', { field: 'telegramId' });
    assert.equal(await expectOk(validate.timeZone('europe/kiev')), 'Europe/Kyiv');
    await expectErr(validate.timeZone('+03:00', 'zone'), 'InvalidTimeZone', {
      field: 'zone',
      value: '+03:00',
    });
  });

  test('answers the times of a slot that is ahead and neither too short nor too long', async (sdk) => {
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const inMinutes = (minutes: number) => now.plus(minutes * MINUTE);
    const times = (from: number, until: number) =>
      sdk.validate.slotTimes({ startsAt: inMinutes(from), endsAt: inMinutes(until).toDate() });
    for (const [from, until] of [
      [60, 70],
      [60, 300],
    ] as const)
      assert.deepEqual(await expectOk(times(from, until)), { start: inMinutes(from), end: inMinutes(until) });
    for (const [from, until] of [
      [60, 69],
      [60, 301],
      [60, 60],
      [60, 30],
    ] as const)
      await expectErr(times(from, until), 'Validation', { field: 'endsAt' });
    await expectErr(times(-60, -30), 'SlotInPast', { startsAt: inMinutes(-60) });
    await expectErr(sdk.validate.slotTimes({ startsAt: '2030-01-07T09:00', endsAt: 'x' }), 'Validation', {
      field: 'startsAt',
    });
    await expectErr(sdk.validate.slotTimes(null as never), 'Validation');
  });

  test('answers a slot that is free, or what is free instead', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 5, candidates: 2 }));
    const { city, recruiter, candidate, slots } = board;
    const [first, second, third, fourth, fifth] = slots;
    assert.ok(first && second && third && fourth && fifth);
    assert.deepEqual(await expectOk(sdk.validate.freeSlot(third.id)), third);
    await expectOk(seedBooking(sdk, { slot: third, candidate }));
    const { alternatives } = await expectErr(sdk.validate.freeSlot(third.id), 'SlotTaken', {
      slotId: third.id,
    });
    assert.deepEqual(
      alternatives.map(({ id }) => id),
      [second.id, fourth.id, first.id],
    );
    await expectErr(sdk.validate.freeSlot(UNKNOWN_ID), 'SlotNotFound');

    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const past = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: now.plus(-60 * MINUTE) }));
    await expectErr(sdk.validate.freeSlot(past.id), 'SlotInPast', { startsAt: past.startsAt });
    // Nobody has it any more once a hold has lapsed.
    const [, other] = board.candidates;
    assert.ok(other);
    await expectOk(
      seedBooking(sdk, { slot: fifth, candidate: other, state: 'held', expiresAt: now.plus(-MINUTE) }),
    );
    const free = await expectOk(sdk.validate.freeSlot(fifth.id));
    assert.deepEqual([free.status, free.candidateId], ['free', undefined]);
  });
});
