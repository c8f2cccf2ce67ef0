import assert from 'node:assert/strict';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

export const timeViewContract: ContractSuite = contractSuite('the times of a slot', (test) => {
  test('are shown on every clock concerned, with whose zone it is', async (sdk) => {
    const city = await expectOk(seedCity(sdk, { timeZone: 'Asia/Kathmandu' }));
    const recruiter = await expectOk(
      seedRecruiter(sdk, { timeZone: 'America/New_York', cityIds: [city.id] }),
    );
    const startsAt = '2030-07-01T12:00:00Z';
    const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt, timeZone: 'Europe/Berlin' }));
    const candidate = await expectOk(seedCandidate(sdk, { timeZone: 'Australia/Adelaide' }));
    const view = await expectOk(sdk.slots.timeView(slot.id, { candidateId: candidate.id }));
    assert.deepEqual(view.utc, { startsAt: '2030-07-01T12:00:00.000Z', endsAt: '2030-07-01T12:30:00.000Z' });
    assert.equal(view.slotId, slot.id);
    const { slot: here, recruiter: theirs, candidate: own } = view;
    assert.deepEqual(
      [here, theirs, own].map(({ source, estimated, startsAt: at, endTime }) => [
        source,
        estimated,
        at,
        endTime,
      ]),
      [
        ['slot', false, '2030-07-01T14:00:00+02:00', '14:30'],
        ['recruiter', false, '2030-07-01T08:00:00-04:00', '08:30'],
        ['candidate', false, '2030-07-01T21:30:00+09:30', '22:00'],
      ],
    );
    // Nobody knows where a candidate is who has not said; the city is the best guess.
    const guessed = (await expectOk(sdk.slots.timeView(slot.id))).candidate;
    assert.deepEqual(
      [guessed.source, guessed.estimated, guessed.timeZone, guessed.startsAt],
      ['city', true, 'Asia/Kathmandu', '2030-07-01T17:45:00+05:45'],
    );
    const silent = await expectOk(seedCandidate(sdk));
    assert.deepEqual(
      (await expectOk(sdk.slots.timeView(slot.id, { candidateId: silent.id }))).candidate,
      guessed,
    );
    const asked = await expectOk(
      sdk.slots.timeView(slot.id, { candidateId: silent.id, timeZone: 'asia/calcutta' }),
    );
    assert.deepEqual(
      [asked.candidate.source, asked.candidate.estimated, asked.candidate.timeZone],
      ['candidate', false, 'Asia/Kolkata'],
    );
  });

  test('are shown on the clock of the candidate who has the slot', async (sdk) => {
    const { slot } = await expectOk(seedBoard(sdk));
    const candidate = await expectOk(seedCandidate(sdk, { timeZone: 'Pacific/Chatham' }));
    await expectOk(seedBooking(sdk, { slot, candidate }));
    const { timeZone, source } = (await expectOk(sdk.slots.timeView(slot.id))).candidate;
    assert.deepEqual([timeZone, source], ['Pacific/Chatham', 'candidate']);
  });

  test('follow what is changed about the people and the city', async (sdk) => {
    const { slot, city, recruiter } = await expectOk(seedBoard(sdk));
    const zones = async (): Promise<readonly string[]> => {
      const view = await expectOk(sdk.slots.timeView(slot.id));
      return [view.recruiter.timeZone, view.candidate.timeZone, view.slot.timeZone];
    };
    assert.deepEqual(await zones(), ['Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin']);
    await expectOk(
      sdk.transaction((uow) =>
        recruiter
          .changeTimeZone('Asia/Tokyo')
          .asyncAndThen((moved) => uow.recruiters.update(moved))
          .andThen(() => city.changeTimeZone('Africa/Cairo'))
          .andThen((moved) => uow.cities.update(moved)),
      ),
    );
    // The slot keeps the zone it was published in.
    assert.deepEqual(await zones(), ['Asia/Tokyo', 'Africa/Cairo', 'Europe/Berlin']);
  });

  test('are read of many at once, in their order, without those that do not exist', async (sdk) => {
    const { slots } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const [first, second, third] = slots;
    assert.ok(first && second && third);
    const views = await expectOk(sdk.slots.timeViews([third.id, UNKNOWN_ID, first, second.id]));
    assert.deepEqual(
      views.map(({ slotId }) => slotId),
      [third.id, first.id, second.id],
    );
    assert.deepEqual(views[1], await expectOk(sdk.slots.timeView(first.id)));
    assert.deepEqual(await expectOk(sdk.slots.timeViews([])), []);
  });

  test('are refused for who or what is not there, and for input that is wrong', async (sdk) => {
    const { slot } = await expectOk(seedBoard(sdk));
    await expectErr(sdk.slots.timeView(UNKNOWN_ID), 'SlotNotFound', { id: UNKNOWN_ID as never });
    await expectErr(sdk.slots.timeView(slot.id, { candidateId: UNKNOWN_ID }), 'CandidateNotFound');
    await expectErr(sdk.slots.timeView(slot.id, { timeZone: 'Mars/Olympus' }), 'InvalidTimeZone', {
      value: 'Mars/Olympus',
    });
    for (const id of refusedIds) {
      await expectErr(sdk.slots.timeView(id), 'Validation');
      await expectErr(sdk.slots.timeView(slot.id, { candidateId: id }), 'Validation', {
        field: 'candidateId',
      });
    }
  });
});
