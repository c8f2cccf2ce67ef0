import assert from 'node:assert/strict';
import type { SlotQueries } from '../../domain/slot/slot-queries.ts';
import { Instant } from '../../domain/shared/instant.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import { slotStatuses } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, ending, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { everyItem, pagesAgree, refusesWrongPages } from './paging-contract.ts';

const HOUR = 60 * MINUTE;
const idsOf = (slots: readonly Slot[]): readonly number[] => slots.map(({ id }) => id);

/** What both the reader and the repository of a unit of work answer to the same question. */
async function onBoth<T>(sdk: Slotwise, ask: (queries: SlotQueries) => Promise<T>): Promise<T> {
  const answer = await ask(sdk.read.slots);
  await ending(sdk, async (open) => assert.deepEqual(await ask(open().slots), answer));
  return answer;
}

/** A board with one slot in each status, in the order of the statuses, an hour apart. */
async function oneOfEach(sdk: Slotwise): Promise<Board> {
  const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: slotStatuses.length, candidates: 6 }));
  const seed = async (index: number, state: 'held' | 'booked' | 'confirmed' | 'completed') => {
    const { [index]: slot } = board.slots;
    const { [index]: candidate } = board.candidates;
    assert.ok(slot && candidate);
    await expectOk(seedBooking(sdk, { slot, candidate, state }));
  };
  await seed(1, 'held');
  await seed(2, 'booked');
  await seed(3, 'confirmed');
  await seed(4, 'completed');
  const last = board.slots.at(-1);
  assert.ok(last);
  await expectOk(sdk.slots.withdraw({ slotId: last.id, actor: { kind: 'system' } }));
  return board;
}

/** The views of slots that desks and dashboards ask for. */
export const slotQueriesContract: ContractSuite = contractSuite('the views of slots', (test) => {
  test('are searched by every part of a filter, by start', async (sdk) => {
    const board = await oneOfEach(sdk);
    const { recruiter, city, slots, candidates } = board;
    const [, , booked] = slots;
    const day = await expectOk(seedSlot(sdk, { recruiter, city, purpose: 'intro_day' }));
    const other = await expectOk(seedBoard(sdk));
    const search = (filter: Parameters<SlotQueries['search']>[0]) =>
      onBoth(sdk, async (queries) => idsOf((await expectOk(queries.search(filter))).items));
    const all = [...idsOf(slots), day.id];
    assert.ok(booked);
    assert.deepEqual(await search({ recruiterIds: [recruiter.id] }), all);
    assert.deepEqual(await search({ cityIds: [city.id] }), all);
    assert.deepEqual(await search({ cityIds: [city.id], purposes: ['intro_day'] }), [day.id]);
    assert.deepEqual(await search({ cityIds: [city.id], statuses: ['booked', 'canceled'] }), [
      booked.id,
      slots.at(-1)?.id,
    ]);
    assert.deepEqual(await search({ candidateId: candidates[2]?.id ?? 0 }), [booked.id]);
    assert.deepEqual(await search({ recruiterIds: [recruiter.id], cityIds: [other.city.id] }), []);
    const both = await search({ recruiterIds: [recruiter.id, other.recruiter.id] });
    assert.deepEqual(new Set(both), new Set([...all, other.slot.id]));
    assert.deepEqual(await search({ recruiterIds: [UNKNOWN_ID] }), []);
  });

  test('show what has a part in the time that is asked for, also what began before', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3 }));
    const { recruiter, slots } = board;
    const [first, second, third] = slots;
    assert.ok(first && second && third);
    const within = (from: Instant, until: Instant) =>
      onBoth(sdk, async (queries) => {
        const found = await expectOk(queries.search({ recruiterIds: [recruiter.id], from, until }));
        assert.deepEqual(await expectOk(queries.getAgenda(recruiter.id, { from, until })), found.items);
        return idsOf(found.items);
      });
    assert.deepEqual(await within(first.startsAt, third.endsAt), [first.id, second.id, third.id]);
    assert.deepEqual(await within(first.startsAt.plus(10 * MINUTE), first.startsAt.plus(11 * MINUTE)), [
      first.id,
    ]);
    assert.deepEqual(await within(first.endsAt, second.startsAt), []);
    assert.deepEqual(await within(first.endsAt.plus(-1), second.startsAt.plus(1)), [first.id, second.id]);
    const open = await expectOk(
      sdk.read.slots.search({ recruiterIds: [recruiter.id], from: second.startsAt }),
    );
    assert.deepEqual(idsOf(open.items), [second.id, third.id]);
    const past = await expectOk(
      sdk.read.slots.search({ recruiterIds: [recruiter.id], until: second.startsAt }),
    );
    assert.deepEqual(idsOf(past.items), [first.id]);
  });

  test('are listed page by page by start, also where several start together', async (sdk) => {
    const { recruiter, city, slot } = await expectOk(seedBoard(sdk));
    for (const minutes of [30, 15, 45])
      await expectOk(
        seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt, minutes, purpose: 'intro_day' }),
      );
    await expectOk(seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt.plus(-HOUR) }));
    const list = (page?: Parameters<SlotQueries['search']>[1]) =>
      sdk.read.slots.search({ cityIds: [city.id] }, page);
    const all = await everyItem(list, 1);
    assert.equal(all.length, 5);
    assert.deepEqual(
      all,
      all.toSorted((a, b) => a.startsAt.epochMilliseconds - b.startsAt.epochMilliseconds || a.id - b.id),
    );
    assert.deepEqual(await everyItem(list, 2), all);
    await pagesAgree(list);
    await refusesWrongPages(list);
  });

  test('are counted by status, with a zero where there is none', async (sdk) => {
    const { city, slots } = await oneOfEach(sdk);
    const summary = (filter: Parameters<SlotQueries['statusSummary']>[0]) =>
      onBoth(sdk, (queries) => expectOk(queries.statusSummary(filter)));
    assert.deepEqual(await summary({ cityIds: [city.id] }), {
      free: 1,
      pending: 1,
      booked: 1,
      confirmed: 1,
      completed: 1,
      canceled: 1,
    });
    const none = { free: 0, pending: 0, booked: 0, confirmed: 0, completed: 0, canceled: 0 };
    assert.deepEqual(await summary({ cityIds: [city.id], statuses: ['booked'] }), { ...none, booked: 1 });
    assert.deepEqual(await summary({ cityIds: [UNKNOWN_ID] }), none);
    const [first] = slots;
    assert.ok(first);
    assert.deepEqual(await summary({ cityIds: [city.id], until: first.endsAt }), { ...none, free: 1 });
  });

  test('as an agenda leave out what was canceled', async (sdk) => {
    const { recruiter, slots } = await oneOfEach(sdk);
    const [first] = slots;
    const last = slots.at(-1);
    assert.ok(first && last);
    const range = { from: first.startsAt, until: last.endsAt };
    const agenda = await onBoth(sdk, (queries) => expectOk(queries.getAgenda(recruiter.id, range)));
    assert.deepEqual(idsOf(agenda), idsOf(slots.slice(0, -1)));
    assert.deepEqual(await expectOk(sdk.read.slots.getAgenda(UNKNOWN_ID, range)), []);
  });

  test('of a candidate are what is ahead, without a hold that has lapsed', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 4, recruiters: 4 }));
    const { candidate, recruiters, slots } = board;
    const of = (index: number): Slot => {
      const found = slots.find(({ recruiterId }) => recruiterId === recruiters[index]?.id);
      assert.ok(found);
      return found;
    };
    const shift = (index: number): Slot => {
      const own = slots.filter(({ recruiterId }) => recruiterId === recruiters[index]?.id);
      const { [index]: found } = own;
      assert.ok(found);
      return found;
    };
    const past = Instant.fromEpochMilliseconds(0);
    await expectOk(seedBooking(sdk, { slot: of(0), candidate, state: 'booked' }));
    await expectOk(seedBooking(sdk, { slot: shift(1), candidate, state: 'held' }));
    await expectOk(seedBooking(sdk, { slot: shift(2), candidate, state: 'held', expiresAt: past }));
    await expectOk(seedBooking(sdk, { slot: shift(3), candidate, state: 'completed' }));
    const upcoming = (after?: Instant) =>
      onBoth(sdk, async (queries) =>
        idsOf(await expectOk(queries.getUpcomingForCandidate(candidate.id, after))),
      );
    assert.deepEqual(await upcoming(), [of(0).id, shift(1).id]);
    assert.deepEqual(await upcoming(of(0).startsAt), [shift(1).id]);
    assert.deepEqual(await upcoming(shift(1).startsAt), []);
    assert.deepEqual(await expectOk(sdk.read.slots.getUpcomingForCandidate(UNKNOWN_ID)), []);
  });

  test('follow a change at once, also one that is not committed yet', async (sdk, open) => {
    const { city, slot, candidate } = await expectOk(seedBoard(sdk));
    const booked = { cityIds: [city.id], statuses: ['booked'] } as const;
    assert.equal((await expectOk(sdk.read.slots.search(booked))).items.length, 0);
    const uow = open();
    const held = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, { uow }));
    await expectOk(sdk.booking.approve({ bookingId: held.id, actor: { kind: 'system' } }, { uow }));
    assert.deepEqual(idsOf((await expectOk(uow.slots.search(booked))).items), [slot.id]);
    assert.equal((await expectOk(uow.slots.statusSummary(booked))).booked, 1);
    await expectOk(uow.commit());
    assert.deepEqual(idsOf((await expectOk(sdk.read.slots.search(booked))).items), [slot.id]);
  });

  test('are refused for a filter that is none', async (sdk) => {
    const { slots } = sdk.read;
    const refusals = [
      [{ recruiterIds: [] }, 'recruiterIds'],
      [{ recruiterIds: 5 }, 'recruiterIds'],
      [{ cityIds: [1, 0] }, 'cityIds[1]'],
      [{ cityIds: Array.from({ length: 1_001 }, () => 1) }, 'cityIds'],
      [{ statuses: ['open'] }, 'statuses[0]'],
      [{ purposes: [''] }, 'purposes[0]'],
      [{ candidateId: -1 }, 'candidateId'],
      [{ from: 'yesterday' }, 'from'],
      [{ from: '2030-01-02T00:00:00Z', until: '2030-01-01T00:00:00Z' }, 'until'],
      [null, 'filter'],
    ] as const;
    for (const [filter, field] of refusals) {
      await expectErr(slots.search(filter as never), 'Validation', { field });
      await expectErr(slots.statusSummary(filter as never), 'Validation', { field });
    }
    const day = { from: '2030-01-01T00:00:00Z', until: '2030-01-02T00:00:00Z' };
    for (const id of refusedIds) {
      await expectErr(slots.getAgenda(id, day), 'Validation', { field: 'recruiterId' });
      await expectErr(slots.getUpcomingForCandidate(id), 'Validation', { field: 'candidateId' });
    }
    await expectErr(slots.getAgenda(1, { ...day, until: '2031-01-01T00:00:00Z' }), 'Validation', {
      field: 'until',
    });
    await expectErr(slots.getAgenda(1, { until: day.until } as never), 'Validation', { field: 'from' });
    await expectErr(slots.getAgenda(1, undefined as never), 'Validation', { field: 'range' });
    await expectErr(slots.getUpcomingForCandidate(1, 'soon'), 'Validation', { field: 'after' });
  });
});
