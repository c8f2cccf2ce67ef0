import assert from 'node:assert/strict';
import type { PublishSlot } from '../../../application/slot/publish-slot.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

interface Scene extends Board {
  /** A command that would succeed: right after the board's slot. */
  readonly valid: PublishSlot;
}

async function sceneOf(sdk: Slotwise): Promise<Scene> {
  const board = await expectOk(seedBoard(sdk));
  const startsAt = board.slot.endsAt;
  const valid = {
    recruiterId: board.recruiter.id,
    cityId: board.city.id,
    startsAt,
    endsAt: startsAt.plus(30 * MINUTE),
  };
  return { ...board, valid };
}

const now = (sdk: Slotwise): Promise<Instant> => expectOk(sdk.transaction((uow) => uow.now()));

export const publishContract: ContractSuite = contractSuite('publishing a slot', (test) => {
  test('offers it at once, in the time zone of its city', async (sdk) => {
    const { recruiter, city, slot, valid } = await sceneOf(sdk);
    assert.equal((await expectOk(sdk.read.slots.getFreeForCity(city.id))).length, 1);
    const published = await expectOk(sdk.slots.publish(valid));
    assert.deepEqual(
      [published.status, published.version, published.purpose, published.timeZone],
      ['free', 1, 'interview', city.timeZone],
    );
    assert.deepEqual(await expectOk(sdk.read.slots.get(published.id)), published);
    assert.deepEqual(await expectOk(sdk.read.slots.getFreeForCity(city.id)), [slot, published]);
    assert.deepEqual(await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id)), [slot, published]);
  });

  test('takes what the recruiter decides, also through an admin', async (sdk) => {
    const { valid } = await sceneOf(sdk);
    const slot = await expectOk(
      sdk.slots.publish({
        ...valid,
        timeZone: 'asia/calcutta',
        purpose: 'intro_day',
        bufferBeforeMinutes: 15,
        bufferAfterMinutes: 5,
        actor: { kind: 'admin' },
      }),
    );
    assert.deepEqual([slot.timeZone, slot.purpose], ['Asia/Kolkata', 'intro_day']);
    assert.ok(slot.occupiedFrom.equals(slot.startsAt.plus(-15 * MINUTE)));
    assert.ok(slot.occupiedUntil.equals(slot.endsAt.plus(5 * MINUTE)));
  });

  test('is refused for what is not there or no longer in use', async (sdk) => {
    const { slot, recruiter, city, valid } = await sceneOf(sdk);
    const witnesses = { slots: [slot] };
    const publish = (change: Partial<PublishSlot>) => () => sdk.slots.publish({ ...valid, ...change });
    await refuses(sdk, witnesses, publish({ recruiterId: UNKNOWN_ID }), 'RecruiterNotFound');
    await refuses(sdk, witnesses, publish({ cityId: UNKNOWN_ID }), 'CityNotFound');
    const foreign = await expectOk(seedCity(sdk));
    await refuses(sdk, witnesses, publish({ cityId: foreign.id }), 'CityNotLinked', {
      recruiterId: recruiter.id,
      cityId: foreign.id,
    });
    await expectOk(sdk.transaction((uow) => uow.cities.update(city.archive())));
    await refuses(sdk, witnesses, publish({}), 'CityInactive', { id: city.id });
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())));
    await refuses(sdk, witnesses, publish({}), 'RecruiterInactive', { id: recruiter.id });
  });

  test('is refused to everybody but the recruiter and those above', async (sdk) => {
    const { slot, candidate, valid } = await sceneOf(sdk);
    const colleague = await expectOk(seedRecruiter(sdk));
    for (const actor of [
      { kind: 'recruiter', id: colleague.id },
      { kind: 'candidate', id: candidate.id },
      { kind: 'candidate', id: Number(valid.recruiterId) },
    ] as const)
      await refuses(sdk, { slots: [slot] }, () => sdk.slots.publish({ ...valid, actor }), 'Forbidden', {
        command: 'publish',
        actor,
      });
  });

  test('is refused in the past, over another slot, and with input that is wrong', async (sdk) => {
    const { slot, valid } = await sceneOf(sdk);
    const witnesses = { slots: [slot] };
    const publish = (change: Partial<PublishSlot>) => () => sdk.slots.publish({ ...valid, ...change });
    const past = (await now(sdk)).plus(-MINUTE);
    await refuses(sdk, witnesses, publish({ startsAt: past, endsAt: past.plus(30 * MINUTE) }), 'SlotInPast', {
      startsAt: past,
    });
    await refuses(
      sdk,
      witnesses,
      publish({ startsAt: slot.startsAt.plus(-10 * MINUTE), endsAt: slot.endsAt }),
      'SlotOverlap',
      { recruiterId: slot.recruiterId },
    );
    await refuses(sdk, witnesses, publish({ bufferBeforeMinutes: 1 }), 'SlotOverlap');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, publish({ recruiterId: id }), 'Validation');
      await refuses(sdk, witnesses, publish({ cityId: id }), 'Validation', { field: 'cityId' });
    }
    for (const timeZone of ['Mars/Olympus', '', '+02:00'])
      await refuses(sdk, witnesses, publish({ timeZone }), 'InvalidTimeZone', { value: timeZone });
    for (const startsAt of ['2031-01-01T10:00:00', 'tomorrow', '2031-02-30T10:00:00Z'])
      await refuses(sdk, witnesses, publish({ startsAt }), 'Validation', { field: 'startsAt' });
    await refuses(sdk, witnesses, publish({ endsAt: valid.startsAt }), 'Validation', { field: 'endsAt' });
    await refuses(sdk, witnesses, publish({ purpose: '' }), 'Validation', { field: 'purpose' });
    await refuses(sdk, witnesses, publish({ bufferAfterMinutes: -5 }), 'Validation');
    const actor = { kind: 'owner' } as unknown as NonNullable<PublishSlot['actor']>;
    await refuses(sdk, witnesses, publish({ actor }), 'Validation', { field: 'actor.kind' });
    await refuses(sdk, witnesses, publish({ actor: { kind: 'recruiter' } }), 'Validation', {
      field: 'actor.id',
    });
  });

  test('lets one of several win that publish the same time at once', async (sdk) => {
    const { recruiter, valid } = await sceneOf(sdk);
    const outcomes = await Promise.all(Array.from({ length: 4 }, async () => sdk.slots.publish(valid)));
    const errors = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
    assert.deepEqual(errors, ['SlotOverlap', 'SlotOverlap', 'SlotOverlap']);
    assert.equal((await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id))).length, 2);
  });
});
