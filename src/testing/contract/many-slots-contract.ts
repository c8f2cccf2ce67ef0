import assert from 'node:assert/strict';
import type { Result } from 'neverthrow';
import type { Instant } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { AddSlotError } from '../../domain/slot/slot-repository.ts';
import type { NewSlot, Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';

/** Half an hour on a board, this many minutes after its slot begins. */
const newSlot = (
  { recruiter, city, slot }: Board,
  minutes: number,
  change: Partial<NewSlot> = {},
): NewSlot => ({
  recruiterId: recruiter.id,
  cityId: city.id,
  timeZone: 'UTC',
  startsAt: slot.startsAt.plus(minutes * MINUTE),
  endsAt: slot.startsAt.plus((minutes + 30) * MINUTE),
  ...change,
});

const storedOf = (results: readonly Result<Slot, AddSlotError>[]): Promise<readonly Slot[]> =>
  Promise.all(results.map((result) => expectOk(result)));

const typesOf = (results: readonly Result<unknown, { readonly type: string }>[]): readonly string[] =>
  results.map((result) => (result.isOk() ? 'Ok' : result.error.type));

const startsOf = async (sdk: Slotwise, { recruiter, slot }: Board): Promise<readonly number[]> => {
  const free = await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id));
  return free.map(({ startsAt }) => minutesAfter(startsAt, slot.startsAt));
};

const minutesAfter = (instant: Instant, from: Instant): number =>
  (instant.epochMilliseconds - from.epochMilliseconds) / MINUTE;

/** The slot, so many minutes after the board's first one begins. */
function placed({ slot: first }: Board, slot: Slot, minutes: number): Slot {
  const offset = minutes - minutesAfter(slot.startsAt, first.startsAt);
  const shifted = slot.shifted(offset * MINUTE);
  if (shifted.isErr()) assert.fail(shifted.error.message);
  return shifted.value;
}

/** A board with three slots in a row. */
async function rowOf(sdk: Slotwise): Promise<Board & { readonly row: readonly [Slot, Slot, Slot] }> {
  const board = await expectOk(seedBoard(sdk, { recruiters: 2 }));
  const added = await expectOk(
    sdk.transaction((uow) => uow.slots.addMany([newSlot(board, 30), newSlot(board, 60)])),
  );
  const [second, third] = await storedOf(added);
  assert.ok(second && third);
  return { ...board, row: [board.slot, second, third] };
}

export const manySlotsContract: ContractSuite = contractSuite('many slots', (test) => {
  test('are stored together and answered in the order given, as they are read later', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    assert.deepEqual(await startsOf(sdk, board), [0]);
    const policy = { holdMinutes: 7 };
    const wanted = [90, 30, 60].map((minutes) => newSlot(board, minutes, { policy, bufferAfterMinutes: 0 }));
    const added = await expectOk(sdk.transaction((uow) => uow.slots.addMany(wanted, { batchSize: 2 })));
    const slots = await storedOf(added);
    assert.deepEqual(
      slots.map((slot) => [minutesAfter(slot.startsAt, board.slot.startsAt), slot.status, slot.version]),
      [
        [90, 'free', 1],
        [30, 'free', 1],
        [60, 'free', 1],
      ],
    );
    for (const slot of slots) assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
    assert.deepEqual(await startsOf(sdk, board), [0, 30, 60, 90]);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.slots.addMany([]))), []);
  });

  test('are skipped one by one where something is in the way, also others of the same list', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const wanted = [
      newSlot(board, 0),
      newSlot(board, 60),
      newSlot(board, 75),
      newSlot(board, 60),
      newSlot(board, 90, { bufferBeforeMinutes: 1 }),
      newSlot(board, 90),
      newSlot(board, 200, { recruiterId: UNKNOWN_ID }),
      newSlot(board, 200, { cityId: UNKNOWN_ID }),
      newSlot(board, 200, { timeZone: 'Nowhere' }),
      newSlot(board, 200, { endsAt: board.slot.startsAt }),
      newSlot(board, 60, { purpose: 'intro_day' }),
      newSlot(board, 60, { purpose: 'intro_day' }),
    ];
    for (const batchSize of [500, 1]) {
      const answers = await expectOk(
        sdk.transaction((uow) => uow.slots.addMany(wanted, { onConflict: 'skip', batchSize })),
      );
      assert.deepEqual(typesOf(answers), [
        'SlotOverlap',
        'Ok',
        'SlotOverlap',
        'SlotOverlap',
        'SlotOverlap',
        'Ok',
        'RecruiterNotFound',
        'CityNotFound',
        'InvalidTimeZone',
        'Validation',
        'Ok',
        'Ok',
      ]);
      assert.deepEqual(await startsOf(sdk, board), [0, 60, 60, 60, 90]);
      const ids = answers.flatMap((answer) => (answer.isOk() ? [answer.value.id] : []));
      await expectOk(sdk.transaction((uow) => uow.slots.deleteMany(ids)));
      assert.deepEqual(await startsOf(sdk, board), [0]);
    }
  });

  test('are all left out by one that cannot be stored, and the unit of work goes on', async (sdk, open) => {
    const board = await expectOk(seedBoard(sdk));
    const uow = open();
    const wanted = [newSlot(board, 60), newSlot(board, 120), newSlot(board, 0), newSlot(board, 75)];
    const { refused } = await expectErr(uow.slots.addMany(wanted, { batchSize: 3 }), 'ItemsRefused');
    assert.deepEqual(
      refused.map(({ index, error }) => [index, error.type]),
      [
        [2, 'SlotOverlap'],
        [3, 'SlotOverlap'],
      ],
    );
    const invalid = await expectErr(
      uow.slots.addMany([newSlot(board, 60), newSlot(board, 120, { purpose: '' })]),
      'ItemsRefused',
    );
    assert.deepEqual(
      invalid.refused.map(({ index, error }) => [index, error.type]),
      [[1, 'Validation']],
    );
    await expectOk(uow.slots.add(newSlot(board, 60)));
    await expectOk(uow.commit());
    assert.deepEqual(await startsOf(sdk, board), [0, 60]);
  });

  test('are refused with options that are wrong', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    for (const batchSize of [0, -1, 1.5, 1_001, Number.NaN])
      await expectErr(
        sdk.transaction((uow) => uow.slots.addMany([newSlot(board, 60)], { batchSize })),
        'Validation',
        { field: 'batchSize' },
      );
    await expectErr(
      sdk.transaction((uow) => uow.slots.addMany([newSlot(board, 60)], { onConflict: 'ignore' as 'skip' })),
      'Validation',
      { field: 'onConflict' },
    );
    await expectErr(
      sdk.transaction((uow) => uow.slots.addMany({} as unknown as NewSlot[])),
      'Validation',
      { field: 'slots' },
    );
    assert.deepEqual(await startsOf(sdk, board), [0]);
  });

  test('are locked by ascending id, those that exist', async (sdk) => {
    const { slots } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const ids = slots.map(({ id }) => id);
    const locked = await expectOk(
      sdk.transaction((uow) => uow.slots.lockMany([...ids.toReversed(), UNKNOWN_ID, ...ids])),
    );
    assert.deepEqual(locked, slots);
    for (const id of refusedIds)
      await expectErr(
        sdk.transaction((uow) => uow.slots.lockMany([id])),
        'Validation',
      );
  });

  test('take over one another’s times when they are changed together', async (sdk) => {
    const board = await rowOf(sdk);
    let row: readonly Slot[] = board.row;
    for (const [batchSize, places] of [
      [1, [30, 60, 0]],
      [500, [0, 30, 60]],
    ] as const) {
      const wanted = row.map((slot, index) => placed(board, slot, places[index] ?? 0));
      row = await expectOk(sdk.transaction((uow) => uow.slots.updateMany(wanted, { batchSize })));
      assert.deepEqual(
        row.map((slot) => [slot.id, slot.version, minutesAfter(slot.startsAt, board.slot.startsAt)]),
        wanted.map((slot, index) => [slot.id, slot.version + 1, places[index]]),
      );
      for (const slot of row) assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
      assert.deepEqual(await startsOf(sdk, board), [0, 30, 60]);
    }
  });

  test('are in the lists of the recruiter they are given to, and no longer in the other’s', async (sdk) => {
    const { row, recruiters, recruiter } = await rowOf(sdk);
    const [, other] = recruiters;
    assert.ok(other);
    const listOf = async (id: number) =>
      (await expectOk(sdk.read.slots.getFreeForRecruiter(id))).map((slot) => slot.id);
    const own = await listOf(other.id);
    assert.equal((await listOf(recruiter.id)).length, 3);
    const [, second, third] = row;
    await expectOk(
      sdk.transaction((uow) =>
        uow.slots.updateMany([second, third].map((slot) => slot.assignedTo(other.id))),
      ),
    );
    assert.deepEqual(await listOf(recruiter.id), [row[0].id]);
    assert.deepEqual(
      (await listOf(other.id)).toSorted((a, b) => a - b),
      [...own, second.id, third.id].toSorted((a, b) => a - b),
    );
  });

  test('are not changed by one that is outdated or not there', async (sdk, open) => {
    const board = await rowOf(sdk);
    const [first, second, third] = board.row;
    await expectOk(sdk.transaction((uow) => uow.slots.update(placed(board, second, 200))));
    const gone = placed(board, third, 300);
    await expectOk(sdk.transaction((uow) => uow.slots.delete(third.id)));
    const uow = open();
    const { refused } = await expectErr(
      uow.slots.updateMany([placed(board, first, 400), placed(board, second, 30), gone]),
      'ItemsRefused',
    );
    assert.deepEqual(refused, [
      { index: 1, error: { type: 'StaleVersion', entity: 'slot', id: second.id, expected: 1, actual: 2 } },
      { index: 2, error: { type: 'SlotNotFound', id: third.id } },
    ]);
    await expectOk(uow.commit());
    assert.deepEqual(await startsOf(sdk, board), [0, 200]);
  });

  test('run into the guards with what is not among them', async (sdk) => {
    const board = await rowOf(sdk);
    const [first, second, third] = board.row;
    const wanted = [placed(board, first, 15), placed(board, second, 45)];
    const error = await expectErr(
      sdk.transaction((uow) => uow.slots.updateMany(wanted)),
      'SlotOverlap',
    );
    assert.equal(error.recruiterId, board.recruiter.id);
    const conflicts = await expectOk(sdk.transaction((uow) => uow.slots.findConflicts(wanted)));
    assert.deepEqual([...conflicts], [[1, { type: 'SlotOverlap', recruiterId: board.recruiter.id }]]);
    const all = [...wanted, placed(board, third, 75)];
    assert.equal((await expectOk(sdk.transaction((uow) => uow.slots.findConflicts(all)))).size, 0);
    await expectOk(sdk.transaction((uow) => uow.slots.updateMany(all)));
    assert.deepEqual(await startsOf(sdk, board), [15, 45, 75]);
  });

  test('can be asked whether their candidates are elsewhere at that time', async (sdk) => {
    const board = await rowOf(sdk);
    const [, other] = board.recruiters;
    const { candidate, city } = board;
    assert.ok(other);
    const far = await expectOk(
      seedSlot(sdk, { recruiter: other, city, startsAt: board.slot.startsAt.plus(300 * MINUTE) }),
    );
    const booked = await expectOk(seedBooking(sdk, { slot: far, candidate, state: 'booked' }));
    const taken = await expectOk(seedBooking(sdk, { slot: board.row[1], candidate, state: 'requested' }));
    const ask = async (slot: Slot) => [
      ...(await expectOk(sdk.transaction((uow) => uow.slots.findConflicts([slot])))).values(),
    ];
    assert.deepEqual(await ask(placed(board, taken.slot, 315)), [
      { type: 'CandidateBusy', candidateId: candidate.id },
    ]);
    assert.deepEqual(await ask(placed(board, taken.slot, 330)), []);
    assert.deepEqual(await ask(placed(board, taken.slot.assignedTo(other.id), 400)), [
      { type: 'DuplicateBooking', candidateId: candidate.id, recruiterId: other.id },
    ]);
    assert.deepEqual(await ask(booked.slot), []);
    for (const [wanted, type] of [
      [placed(board, taken.slot, 315), 'CandidateBusy'],
      [placed(board, taken.slot.assignedTo(other.id), 400), 'DuplicateBooking'],
    ] as const) {
      const error = await expectErr(
        sdk.transaction((uow) => uow.slots.updateMany([wanted])),
        type,
      );
      assert.equal(error.candidateId, candidate.id);
    }
  });

  test('are deleted where they never had a booking', async (sdk) => {
    const board = await rowOf(sdk);
    const [first, second, third] = board.row;
    await expectOk(seedBooking(sdk, { slot: second, candidate: board.candidate, state: 'canceled' }));
    assert.equal((await startsOf(sdk, board)).length, 3);
    const ids = [third.id, second.id, UNKNOWN_ID, first.id, first.id] as readonly number[];
    const answers = await expectOk(sdk.transaction((uow) => uow.slots.deleteMany(ids)));
    assert.deepEqual(typesOf(answers), ['Ok', 'StillReferenced', 'SlotNotFound', 'Ok', 'SlotNotFound']);
    assert.deepEqual(await startsOf(sdk, board), [30]);
    assert.equal(await expectOk(sdk.read.slots.find(first.id)), undefined);
  });

  test('are deleted when they are over, free, and never had a booking', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const { recruiter, city, candidate } = board;
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const past = async (hours: number) =>
      expectOk(seedSlot(sdk, { recruiter, city, startsAt: now.plus(-hours * 60 * MINUTE) }));
    const [oldest, booked, canceled, recent] = [await past(9), await past(8), await past(7), await past(2)];
    await expectOk(seedBooking(sdk, { slot: booked, candidate, state: 'completed' }));
    await expectOk(seedBooking(sdk, { slot: canceled, candidate, state: 'canceled' }));
    const running = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: now.plus(-10 * MINUTE) }));
    const remaining = async () => {
      const all = [oldest, booked, canceled, recent, running, board.slot].map(({ id }) => id);
      return [...(await expectOk(sdk.read.slots.getMany(all))).keys()];
    };
    const purge = (endedBefore: Instant, limit = 100) =>
      sdk.transaction((uow) => uow.slots.deletePast({ endedBefore, recruiterId: recruiter.id }, limit));
    assert.equal((await remaining()).length, 6);
    assert.deepEqual(await expectOk(purge(oldest.endsAt.plus(-1))), []);
    assert.deepEqual(await expectOk(purge(now, 1)), [oldest]);
    assert.deepEqual(await expectOk(purge(now)), [recent]);
    assert.deepEqual(
      (await remaining()).toSorted((a, b) => a - b),
      [booked.id, canceled.id, running.id, board.slot.id].toSorted((a, b) => a - b),
    );
  });
});
