import assert from 'node:assert/strict';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk, type Outcome } from './outcome.ts';

/** The free slots of the board's recruiter and city, which are the same ones, read in every way there is. */
async function offered(
  sdk: Slotwise,
  { recruiter, city }: Pick<Board, 'recruiter' | 'city'>,
  after?: InstantInput,
): Promise<readonly Slot[]> {
  const [answer, ...others] = await Promise.all([
    expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id, after)),
    expectOk(sdk.read.slots.getFreeForCity(city.id, after)),
    expectOk(sdk.transaction((uow) => uow.slots.getFreeForRecruiter(recruiter.id, after))),
    expectOk(sdk.transaction((uow) => uow.slots.getFreeForCity(city.id, after))),
  ]);
  for (const other of others) assert.deepEqual(other, answer);
  return answer;
}

const freeIds = async (list: Outcome<readonly Slot[], unknown>): Promise<readonly number[]> =>
  (await expectOk(list)).map(({ id }) => id);

/** The lists from which bots and APIs offer slots. */
export const freeSlotsContract: ContractSuite = contractSuite('the free slots', (test) => {
  test('of a recruiter and of a city are those ahead, by start', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2 }));
    const { recruiter, city, slots } = board;
    const [first, second] = slots;
    assert.ok(first && second);
    const past = await expectOk(sdk.transaction((uow) => uow.now().map((now) => now.plus(-60 * MINUTE))));
    await expectOk(seedSlot(sdk, { recruiter, city, startsAt: past }));
    const early = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: first.startsAt.plus(-60 * MINUTE) }),
    );
    assert.deepEqual(await offered(sdk, board), [early, first, second]);
  });

  test('can be asked for from a moment on, which itself is left out', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const [first, second, third] = board.slots;
    assert.ok(first && second && third);
    assert.deepEqual(await offered(sdk, board, first.startsAt), [second, third]);
    assert.deepEqual(await offered(sdk, board, first.startsAt.plus(-1).toDate()), [first, second, third]);
    assert.deepEqual(await offered(sdk, board, second.startsAt.toJSON()), [third]);
    assert.deepEqual(await offered(sdk, board, third.startsAt), []);
    assert.deepEqual(await offered(sdk, board, '2000-01-01T00:00:00Z'), [first, second, third]);
  });

  test('are refused for what is no id or no instant, and empty for who is not there', async (sdk) => {
    const { slots } = sdk.read;
    for (const id of refusedIds) {
      await expectErr(slots.getFreeForRecruiter(id), 'Validation', { field: 'recruiterId' });
      await expectErr(slots.getFreeForCity(id), 'Validation', { field: 'cityId' });
    }
    await expectErr(slots.getFreeForCity(UNKNOWN_ID, '2030-01-01T00:00:00'), 'Validation', {
      field: 'after',
    });
    assert.deepEqual(await expectOk(slots.getFreeForRecruiter(UNKNOWN_ID)), []);
    assert.deepEqual(await expectOk(slots.getFreeForCity(UNKNOWN_ID)), []);
  });

  test('follow every reservation, cancellation and withdrawal at once', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { slot, candidate } = board;
    const candidateActor = { kind: 'candidate', id: candidate.id } as const;
    assert.equal((await offered(sdk, board)).length, 1);
    const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
    assert.deepEqual(await offered(sdk, board), []);
    await expectOk(sdk.booking.release({ bookingId: held.id, actor: candidateActor }));
    const [again] = await offered(sdk, board);
    assert.equal(again?.id, slot.id);
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    assert.deepEqual(await offered(sdk, board), []);
    await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor: { kind: 'system' } }));
    assert.deepEqual(await offered(sdk, board), []);
  });

  test('leave out what an archived recruiter has, until the recruiter is restored', async (sdk) => {
    const { city, recruiters, slots } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const [archived, colleague] = recruiters;
    const [gone, kept] = slots;
    assert.ok(archived && colleague && gone && kept);
    const lists = () =>
      Promise.all([
        freeIds(sdk.read.slots.getFreeForRecruiter(archived.id)),
        freeIds(sdk.read.slots.getFreeForRecruiter(colleague.id)),
        freeIds(sdk.read.slots.getFreeForCity(city.id)),
      ]);
    const all = [[gone.id], [kept.id], [gone.id, kept.id]];
    assert.deepEqual(await lists(), all);
    const next = await expectOk(sdk.transaction((uow) => uow.recruiters.update(archived.archive())));
    assert.deepEqual(await lists(), [[], [kept.id], [kept.id]]);
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(next.restore())));
    assert.deepEqual(await lists(), all);
  });

  test('leave out what is in an archived city, also within the transaction that archives it', async (sdk, open) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, slot } = board;
    assert.deepEqual(await offered(sdk, board), [slot]);
    const uow = open();
    const archived = await expectOk(uow.cities.update(city.archive()));
    assert.deepEqual(await expectOk(uow.slots.getFreeForRecruiter(recruiter.id)), []);
    assert.deepEqual(await expectOk(uow.slots.getFreeForCity(city.id)), []);
    await expectOk(uow.commit());
    assert.deepEqual(await offered(sdk, board), []);
    await expectOk(sdk.transaction((later) => later.cities.update(archived.restore())));
    assert.deepEqual(await offered(sdk, board), [slot]);
  });

  test('contain a slot whose hold has lapsed, without a trace of who held it', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }));
    const [lapsed, held] = board.slots;
    const [first, second] = board.candidates;
    assert.ok(lapsed && held && first && second);
    const past = Instant.fromEpochMilliseconds(0);
    await expectOk(seedBooking(sdk, { slot: lapsed, candidate: first, state: 'held', expiresAt: past }));
    await expectOk(seedBooking(sdk, { slot: held, candidate: second, state: 'held' }));
    const free = await offered(sdk, board);
    assert.deepEqual(
      free.map(({ id, status, candidateId, currentBookingId, holdExpiresAt }) => [
        id,
        status,
        candidateId,
        currentBookingId,
        holdExpiresAt,
      ]),
      [[lapsed.id, 'free', undefined, undefined, undefined]],
    );
  });
});
