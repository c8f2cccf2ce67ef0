import assert from 'node:assert/strict';
import type { ResultAsync } from 'neverthrow';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { RescheduleRequest, type NewRescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import type { BookingId } from '../../domain/shared/id.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { hostileTexts, refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { assertSame, expectErr, expectOk } from './outcome.ts';
import { everyItem, refusesWrongPages } from './paging-contract.ts';

async function scene(sdk: Slotwise) {
  const { slots, candidate, recruiters } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
  const [first, second] = slots;
  const [recruiter, colleague] = recruiters;
  assert.ok(first && second && recruiter && colleague);
  const { slot, booking } = await expectOk(seedBooking(sdk, { slot: first, candidate, state: 'booked' }));
  const wish: NewRescheduleRequest = {
    bookingId: booking.id,
    candidateId: candidate.id,
    awaiting: 'recruiter',
    slotId: second.id,
    from: undefined,
    until: undefined,
    comment: undefined,
    requestedBy: { kind: 'candidate', id: candidate.id },
    createdAt: booking.createdAt,
  };
  const add = (change: Partial<NewRescheduleRequest> = {}) =>
    sdk.transaction((uow) => uow.reschedules.add({ ...wish, ...change }));
  return { slot, booking, candidate, recruiter, colleague, wish, add };
}

const read = <T>(
  sdk: Slotwise,
  query: (uow: UnitOfWork) => ResultAsync<T, { readonly type: string }>,
): Promise<T> => expectOk(sdk.transaction(query));

/** What a `RescheduleRepository` does. */
export const rescheduleRepositoryContract: ContractSuite = contractSuite('a reschedule request', (test) => {
  test('is read back the same, at version 1 and pending, by its id and by its booking', async (sdk) => {
    const { add, booking, wish } = await scene(sdk);
    const from = booking.createdAt.plus(MINUTE);
    const wishes: readonly Partial<NewRescheduleRequest>[] = [
      {},
      { slotId: undefined },
      { slotId: undefined, from, until: from.plus(MINUTE), awaiting: 'candidate' },
      { requestedBy: { kind: 'system' } },
      ...hostileTexts.map((comment) => ({ comment })),
    ];
    for (const change of wishes) {
      const request = await expectOk(add(change));
      assertSame({ ...request, id: 0 }, { id: 0, ...wish, ...change, state: 'pending', version: 1 });
      assert.deepEqual(await read(sdk, (uow) => uow.reschedules.get(request.id)), request);
      assert.deepEqual(await read(sdk, (uow) => uow.reschedules.find(request.id)), request);
      assert.deepEqual(await read(sdk, (uow) => uow.reschedules.findPending(booking.id)), request);
      const by = { at: booking.createdAt, actor: { kind: 'admin', id: 4 }, reason: 'no' } as const;
      const declined = await expectOk(
        sdk.transaction((uow) =>
          request.decide('declined', by).asyncAndThen((decided) => uow.reschedules.update(decided)),
        ),
      );
      assert.deepEqual(
        [declined.version, declined.state, declined.decidedBy, declined.decidedAt, declined.decisionReason],
        [2, 'declined', by.actor, by.at, 'no'],
      );
      assert.deepEqual(await read(sdk, (uow) => uow.reschedules.get(request.id)), declined);
      assert.equal(await read(sdk, (uow) => uow.reschedules.findPending(booking.id)), undefined);
    }
    const listed = await everyItem(
      (page) => sdk.transaction((uow) => uow.reschedules.listForBooking(booking.id, page)),
      2,
    );
    assert.equal(listed.length, wishes.length);
  });

  test('is the only one of its booking that is pending', async (sdk) => {
    const { add, booking } = await scene(sdk);
    const request = await expectOk(add());
    await expectErr(add({ slotId: undefined }), 'ReschedulePending', { bookingId: booking.id });
    const superseded = request
      .decide('superseded', { at: booking.createdAt, actor: { kind: 'system' } })
      .asyncAndThen((decided) => sdk.transaction((uow) => uow.reschedules.update(decided)));
    await expectOk(superseded);
    await expectOk(add());
  });

  test('is found with those of other bookings, while it is pending', async (sdk) => {
    const [one, two, decided] = [await scene(sdk), await scene(sdk), await scene(sdk)];
    const requests = [await expectOk(one.add()), await expectOk(two.add())];
    const by = { at: decided.booking.createdAt, actor: { kind: 'system' } } as const;
    await expectOk(
      (await expectOk(decided.add()))
        .decide('declined', by)
        .asyncAndThen((request) => sdk.transaction((uow) => uow.reschedules.update(request))),
    );
    const ids = [two.booking.id, decided.booking.id, one.booking.id, UNKNOWN_ID, two.booking.id];
    assert.deepEqual(await read(sdk, (uow) => uow.reschedules.listPendingOf(ids)), requests);
    assert.deepEqual(await read(sdk, (uow) => uow.reschedules.listPendingOf([])), []);
  });

  test('belongs to a booking that exists', async (sdk) => {
    const { add } = await scene(sdk);
    const bookingId = UNKNOWN_ID as BookingId;
    await expectErr(add({ bookingId }), 'BookingNotFound', { id: bookingId });
  });

  test('is changed only as it was read', async (sdk) => {
    const { add, wish } = await scene(sdk);
    const request = await expectOk(add());
    const update = (changed: RescheduleRequest) => sdk.transaction((uow) => uow.reschedules.update(changed));
    const proposed = new RescheduleRequest({ ...request, awaiting: 'candidate' });
    assert.equal((await expectOk(update(proposed))).version, 2);
    await expectErr(update(proposed), 'StaleVersion', { id: request.id, expected: 1, actual: 2 });
    const unknown = new RescheduleRequest({ ...request, id: UNKNOWN_ID as RescheduleRequest['id'] });
    await expectErr(update(unknown), 'RescheduleNotFound', { id: unknown.id });
    assert.ok(wish.slotId !== undefined);
  });

  test('is found by who must decide and whose it is, while it is pending', async (sdk) => {
    const [one, two] = [await scene(sdk), await scene(sdk)];
    const mine = await expectOk(one.add());
    const theirs = await expectOk(two.add({ awaiting: 'candidate' }));
    const pending = async (filter: object) =>
      (await everyItem((page) => sdk.transaction((uow) => uow.reschedules.listPending(filter, page)), 50))
        .map(({ id }) => id)
        .filter((id) => id === mine.id || id === theirs.id);
    assert.deepEqual(await pending({}), [mine.id, theirs.id]);
    assert.deepEqual(await pending({ awaiting: 'recruiter' }), [mine.id]);
    assert.deepEqual(await pending({ awaiting: 'candidate' }), [theirs.id]);
    assert.deepEqual(await pending({ candidateId: two.candidate.id }), [theirs.id]);
    // The recruiter whose slot is left, and the one whose slot is wanted.
    for (const { id } of [one.recruiter, one.colleague])
      assert.deepEqual(await pending({ recruiterId: id }), [mine.id]);
    assert.deepEqual(await pending({ recruiterId: one.recruiter.id, awaiting: 'candidate' }), []);
    await expectOk(
      mine
        .decide('approved', { at: mine.createdAt, actor: { kind: 'system' } })
        .asyncAndThen((decided) => sdk.transaction((uow) => uow.reschedules.update(decided))),
    );
    assert.deepEqual(await pending({}), [theirs.id]);
  });

  test('forgets what people wrote about a candidate, and nothing else', async (sdk) => {
    const [one, two] = [await scene(sdk), await scene(sdk)];
    const mine = await expectOk(one.add({ comment: 'private' }));
    const theirs = await expectOk(two.add({ comment: 'private' }));
    await expectOk(sdk.transaction((uow) => uow.reschedules.forgetTexts(one.candidate.id)));
    const forgotten = await read(sdk, (uow) => uow.reschedules.get(mine.id));
    assert.deepEqual([forgotten.comment, forgotten.state, forgotten.version], [undefined, 'pending', 2]);
    assert.deepEqual(await read(sdk, (uow) => uow.reschedules.get(theirs.id)), theirs);
    for (const id of refusedIds)
      await expectErr(
        sdk.transaction((uow) => uow.reschedules.forgetTexts(id)),
        'Validation',
      );
  });

  test('answers absence as undefined or as RescheduleNotFound, and refuses what is no id', async (sdk, open) => {
    const uow = open();
    assert.equal(await expectOk(uow.reschedules.find(UNKNOWN_ID)), undefined);
    assert.equal(await expectOk(uow.reschedules.findPending(UNKNOWN_ID)), undefined);
    await expectErr(uow.reschedules.get(UNKNOWN_ID), 'RescheduleNotFound');
    assertSame(await expectOk(uow.reschedules.listForBooking(UNKNOWN_ID)), { items: [] });
    for (const id of refusedIds) {
      await expectErr(uow.reschedules.get(id), 'Validation');
      await expectErr(uow.reschedules.find(id), 'Validation');
      await expectErr(uow.reschedules.findPending(id), 'Validation');
      await expectErr(uow.reschedules.listForBooking(id), 'Validation');
      await expectErr(uow.reschedules.listPendingOf([1, id]), 'Validation');
      await expectErr(uow.reschedules.listPending({ recruiterId: id }), 'Validation');
      await expectErr(uow.reschedules.listPending({ candidateId: id }), 'Validation');
    }
    await expectErr(uow.reschedules.listPending({ awaiting: 'nobody' as never }), 'Validation');
    await expectOk(uow.rollback());
  });

  test('is listed from 1 to 100 at a time, and only from cursors that were given out', async (sdk) => {
    const { booking } = await scene(sdk);
    await refusesWrongPages((page) =>
      sdk.transaction((uow) => uow.reschedules.listForBooking(booking.id, page)),
    );
    await refusesWrongPages((page) => sdk.transaction((uow) => uow.reschedules.listPending({}, page)));
  });
});
