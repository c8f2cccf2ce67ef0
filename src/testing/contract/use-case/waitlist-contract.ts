import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { safeTry } from 'neverthrow';
import type { JoinWaitlist } from '../../../application/waitlist/join-waitlist.ts';
import type { WaitlistOffer } from '../../../application/waitlist/offer-next.ts';
import { storeMoved } from '../../../application/booking/store-transition.ts';
import { moveBooking } from '../../../domain/booking/transition-booking.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { WaitlistEntry } from '../../../domain/waitlist/waitlist-entry.ts';
import type { WaitlistFilter } from '../../../domain/waitlist/waitlist-repository.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { everyItem, pagesAgree, refusesWrongPages } from '../paging-contract.ts';

const system: Actor = { kind: 'system' };

/** All candidates of a board wait in its city, in their order. */
async function queueOf(
  sdk: Slotwise,
  seed: Parameters<typeof seedBoard>[1] = {},
  wishes: Partial<JoinWaitlist> = {},
): Promise<Board & { readonly entries: readonly WaitlistEntry[] }> {
  const board = await expectOk(seedBoard(sdk, seed));
  const entries: WaitlistEntry[] = [];
  for (const { id } of board.candidates)
    entries.push(await expectOk(sdk.waitlist.join({ candidateId: id, cityId: board.city.id, ...wishes })));
  return { ...board, entries };
}

const offered = async (sdk: Slotwise, slot: Slot): Promise<WaitlistOffer | undefined> =>
  expectOk(sdk.waitlist.offerNext({ slotId: slot.id }));

const statusOf = async (sdk: Slotwise, { id }: WaitlistEntry): Promise<string> =>
  (await expectOk(sdk.transaction((uow) => uow.waitlist.get(id)))).status;

/** What a candidate, or a recruiter, makes of an offer. */
const answer = (sdk: Slotwise, { booking }: WaitlistOffer, command: 'acceptOffer' | 'declineOffer') =>
  sdk.transaction((uow) =>
    safeTry(async function* () {
      const before = yield* uow.bookings.lockWithSlot(booking.id);
      const accepted = { at: yield* uow.now(), actor: system };
      const after = yield* moveBooking(command, before, accepted);
      return storeMoved(uow, { ...accepted, command, before, after });
    }),
  );

/** Who waits for a slot, and who is offered one. */
export const waitlistContract: ContractSuite = contractSuite('a waiting list', (test) => {
  test('takes a candidate once for each city and purpose', async (sdk) => {
    const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const wish = { candidateId: candidate.id, cityId: city.id };
    const entry = await expectOk(sdk.waitlist.join(wish));
    assert.deepEqual(
      [entry.status, entry.purpose, entry.recruiterId, entry.bookingId, entry.version],
      ['waiting', 'interview', undefined, undefined, 1],
    );
    assert.deepEqual(await expectOk(sdk.waitlist.join(wish)), entry);
    await expectErr(sdk.waitlist.join({ ...wish, recruiterId: recruiter.id }), 'AlreadyWaiting', wish);
    await expectOk(sdk.waitlist.join({ ...wish, purpose: 'intro_day' }));
    const elsewhere = await expectOk(seedCity(sdk));
    await expectOk(sdk.waitlist.join({ ...wish, cityId: elsewhere.id }));
    const left = sdk.waitlist.leave({ entryId: entry.id, actor: system });
    assert.equal((await expectOk(left)).status, 'left');
    const again = await expectOk(sdk.waitlist.join({ ...wish, recruiterId: recruiter.id }));
    assert.ok(again.id > entry.id);
  });

  test('holds one entry also when a candidate joins many times at once', async (sdk) => {
    const { city, candidate } = await expectOk(seedBoard(sdk));
    const joined = await Promise.all(
      Array.from({ length: 5 }, () =>
        expectOk(sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id })),
      ),
    );
    assert.equal(new Set(joined.map(({ id }) => id)).size, 1);
  });

  test('refuses who and what is not there, not in use or none of their business', async (sdk) => {
    const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const other = await expectOk(seedCandidate(sdk));
    const away = await expectOk(seedCandidate(sdk, { active: false }));
    const closed = await expectOk(seedCity(sdk, { active: false }));
    const stranger = await expectOk(seedRecruiter(sdk));
    const retired = await expectOk(seedRecruiter(sdk, { active: false, cityIds: [city.id] }));
    const join = (change: object) =>
      sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id, ...change });
    await expectErr(join({ candidateId: UNKNOWN_ID }), 'CandidateNotFound');
    await expectErr(join({ candidateId: away.id }), 'CandidateInactive');
    await expectErr(join({ cityId: UNKNOWN_ID }), 'CityNotFound');
    await expectErr(join({ cityId: closed.id }), 'CityInactive');
    await expectErr(join({ recruiterId: UNKNOWN_ID }), 'RecruiterNotFound');
    await expectErr(join({ recruiterId: retired.id }), 'RecruiterInactive');
    await expectErr(join({ recruiterId: stranger.id }), 'CityNotLinked');
    await expectErr(join({ actor: { kind: 'candidate', id: other.id } }), 'Forbidden');
    await expectErr(join({ actor: { kind: 'recruiter', id: recruiter.id } }), 'Forbidden');
    await expectErr(join({ purpose: 'No Purpose' }), 'Validation', { field: 'purpose' });
    await expectErr(join({ from: 'soon' }), 'Validation', { field: 'from' });
    await expectErr(join({ until: '2001-01-01T00:00:00Z' }), 'Validation', { field: 'until' });
    for (const id of refusedIds) {
      await expectErr(join({ cityId: id }), 'Validation', { field: 'cityId' });
      await expectErr(sdk.waitlist.leave({ entryId: id, actor: system }), 'Validation', { field: 'entryId' });
      await expectErr(sdk.waitlist.offerNext({ slotId: id }), 'Validation', { field: 'slotId' });
    }
    await expectErr(sdk.waitlist.leave({ entryId: UNKNOWN_ID, actor: system }), 'WaitlistEntryNotFound');
    const all = await expectOk(sdk.waitlist.list({ cityId: city.id }));
    assert.deepEqual(all.items, []);
  });

  test('offers a slot to whoever has waited longest, for a while', async (sdk) => {
    const { slot, entries, candidates } = await queueOf(sdk, { candidates: 2 });
    const [first, second] = entries;
    assert.ok(first && second);
    const offer = await offered(sdk, slot);
    assert.ok(offer);
    assert.deepEqual([offer.entry.id, offer.entry.status], [first.id, 'offered']);
    assert.deepEqual(
      [offer.booking.state, offer.booking.candidateId, offer.booking.slotId, offer.entry.bookingId],
      ['offered', candidates[0]?.id, slot.id, offer.booking.id],
    );
    assert.ok(offer.booking.expiresAt?.isAfter(offer.booking.createdAt));
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'pending');
    assert.deepEqual(await statusOf(sdk, second), 'waiting');
    assert.equal(await offered(sdk, slot), undefined, 'it is taken now');
  });

  test('offers nothing that was withdrawn, and whoever waits keeps their place', async (sdk) => {
    const { slot, entries } = await queueOf(sdk);
    await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor: system }));
    assert.equal(await offered(sdk, slot), undefined);
    for (const entry of entries) assert.equal(await statusOf(sdk, entry), 'waiting');
  });

  test('writes down and tells what happens', async (sdk) => {
    const told: string[] = [];
    const end = sdk.events.onAny(({ type, aggregate }) => void told.push(`${type} ${aggregate}`));
    const { slot, entries } = await queueOf(sdk);
    const [entry] = entries;
    assert.ok(entry);
    await offered(sdk, slot);
    await expectOk(sdk.waitlist.leave({ entryId: entry.id, actor: system, reason: 'found a job' }));
    end();
    const mine = told.filter((line) => line.endsWith(`waitlist_entry:${entry.id}`));
    assert.deepEqual(
      mine.map((line) => line.split(' ')[0]),
      ['waitlist.joined', 'waitlist.offered', 'waitlist.left'],
    );
    const trail = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'waitlist_entry', id: entry.id })),
    );
    assert.deepEqual(
      trail.items.map(({ action, from, to }) => [action, from, to]),
      [
        ['join', undefined, 'waiting'],
        ['offer', 'waiting', 'offered'],
        ['return', 'offered', 'waiting'],
        ['leave', 'waiting', 'left'],
      ],
    );
    assert.equal(trail.items.at(-1)?.reason, 'found a job');
  });

  test('leaves out those whom the slot does not suit', async (sdk) => {
    const { slot, city, recruiter, candidates } = await expectOk(seedBoard(sdk, { candidates: 6 }));
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const elsewhere = await expectOk(seedCity(sdk));
    const wishes: readonly Partial<JoinWaitlist>[] = [
      { recruiterId: colleague.id },
      { purpose: 'intro_day' },
      { cityId: elsewhere.id },
      { from: slot.startsAt.plus(1) },
      { until: slot.endsAt.plus(-1) },
      { recruiterId: recruiter.id, from: slot.startsAt, until: slot.endsAt },
    ];
    for (const [index, wish] of wishes.entries())
      await expectOk(
        sdk.waitlist.join({ candidateId: candidates[index]?.id ?? 0, cityId: city.id, ...wish }),
      );
    assert.equal((await offered(sdk, slot))?.entry.candidateId, candidates.at(-1)?.id);
  });

  test('leaves out those who cannot have the slot', async (sdk) => {
    const board = await queueOf(sdk, { candidates: 4, slotsPerRecruiter: 2, recruiters: 2 });
    const { slot, slots, candidates, recruiters } = board;
    const [busy, same, away, free] = candidates;
    const [, later, parallel] = slots;
    assert.ok(busy && same && away && free && later && parallel && recruiters.length === 2);
    await expectOk(seedBooking(sdk, { slot: parallel, candidate: busy, state: 'booked' }));
    await expectOk(seedBooking(sdk, { slot: later, candidate: same, state: 'booked' }));
    await expectOk(sdk.transaction((uow) => uow.candidates.update(away.archive())));
    assert.equal((await offered(sdk, slot))?.entry.candidateId, free.id);
  });

  test('follows the rules of booking: nobody is offered more than they may have', async (sdk) => {
    const { slot: other, candidate, city } = await queueOf(sdk);
    const recruiter = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    await expectOk(seedBooking(sdk, { slot: other, candidate, state: 'booked' }));
    const startsAt = other.endsAt.plus(60 * MINUTE);
    const slot = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt, policy: { maxActivePerCandidate: 1 } }),
    );
    assert.equal(await offered(sdk, slot), undefined);
    const early = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: startsAt.plus(60 * MINUTE), policy: { horizonMinutes: 1 } }),
    );
    assert.equal(await offered(sdk, early), undefined);
    const good = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: startsAt.plus(120 * MINUTE), policy: { offerMinutes: 7 } }),
    );
    const offer = await offered(sdk, good);
    assert.ok(offer?.booking.expiresAt?.equals(offer.booking.createdAt.plus(7 * MINUTE)));
  });

  test('loses who accepts', async (sdk) => {
    const { slot, entries } = await queueOf(sdk);
    const [entry] = entries;
    const offer = await offered(sdk, slot);
    assert.ok(entry && offer);
    await expectOk(answer(sdk, offer, 'acceptOffer'));
    assert.equal(await statusOf(sdk, entry), 'accepted');
    await expectErr(sdk.waitlist.leave({ entryId: entry.id, actor: system }), 'WaitlistEntryEnded', {
      status: 'accepted',
    });
  });

  test('takes back whoever was offered slots that are withdrawn, one or many', async (sdk) => {
    const { slots, entries } = await queueOf(sdk, { candidates: 3, slotsPerRecruiter: 3 });
    for (const slot of slots) assert.ok(await offered(sdk, slot));
    const [first, ...others] = slots.map(({ id }) => id);
    const by = { actor: { kind: 'admin', id: 1 }, reason: 'closed' } as const;
    await expectOk(sdk.slots.withdraw({ slotId: first ?? 0, ...by }));
    await expectOk(sdk.slots.withdrawMany({ slotIds: others, ...by }));
    for (const entry of entries) assert.equal(await statusOf(sdk, entry), 'waiting');
  });

  test('keeps who declines in their place, and goes on to the next for this slot', async (sdk) => {
    const { slot, city, recruiter, entries } = await queueOf(sdk, { candidates: 2 });
    const [first, second] = entries;
    const offer = await offered(sdk, slot);
    assert.ok(first && second && offer);
    await expectOk(answer(sdk, offer, 'declineOffer'));
    assert.equal(await statusOf(sdk, first), 'waiting');
    assert.equal((await offered(sdk, slot))?.entry.id, second.id);
    const another = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: slot.endsAt.plus(60 * MINUTE) }),
    );
    assert.equal((await offered(sdk, another))?.entry.id, first.id);
  });

  test('lets an offer expire and goes on to the next, until nobody is left', async (sdk) => {
    const { city, recruiter, entries, slot: taken } = await queueOf(sdk, { candidates: 2 });
    const [first, second] = entries;
    assert.ok(first && second);
    const slot = await expectOk(
      seedSlot(sdk, {
        recruiter,
        city,
        startsAt: taken.endsAt.plus(60 * MINUTE),
        policy: { offerMinutes: 0.005 },
      }),
    );
    assert.equal((await offered(sdk, slot))?.entry.id, first.id);
    await delay(400);
    assert.equal((await offered(sdk, slot))?.entry.id, second.id);
    assert.deepEqual([await statusOf(sdk, first), await statusOf(sdk, second)], ['expired', 'offered']);
    await delay(400);
    assert.equal(await offered(sdk, slot), undefined);
    const wish = { candidateId: first.candidateId, cityId: city.id };
    assert.ok((await expectOk(sdk.waitlist.join(wish))).id > first.id);
  });

  test('lets a candidate leave, who gives back what was offered', async (sdk) => {
    const { slot, entries, candidate } = await queueOf(sdk);
    const [entry] = entries;
    const offer = await offered(sdk, slot);
    const other = await expectOk(seedCandidate(sdk));
    assert.ok(entry && offer);
    const leave = (actor: Actor) => sdk.waitlist.leave({ entryId: entry.id, actor });
    await expectErr(leave({ kind: 'candidate', id: other.id }), 'Forbidden');
    assert.equal(await statusOf(sdk, entry), 'offered');
    const left = await expectOk(leave({ kind: 'candidate', id: candidate.id }));
    assert.deepEqual([left.status, left.bookingId], ['left', undefined]);
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'free');
    const booking = await expectOk(sdk.transaction((uow) => uow.bookings.get(offer.booking.id)));
    assert.equal(booking.state, 'rejected');
    assert.deepEqual(await expectOk(leave({ kind: 'candidate', id: candidate.id })), left);
  });

  test('makes one offer for a slot, however many wait and whoever asks', async (sdk) => {
    const { slot } = await queueOf(sdk, { candidates: 5 });
    const offers = await Promise.all(Array.from({ length: 5 }, () => offered(sdk, slot)));
    assert.equal(offers.filter((offer) => offer !== undefined).length, 1);
    const waiting = await expectOk(sdk.waitlist.list({ cityId: slot.cityId, statuses: ['waiting'] }));
    assert.equal(waiting.items.length, 4);
  });

  test('makes one offer to a candidate, however many slots are free', async (sdk) => {
    const { slots, candidate } = await queueOf(sdk, { recruiters: 4, slotsPerRecruiter: 2 });
    const offers = await Promise.all(slots.map((slot) => offered(sdk, slot)));
    assert.equal(offers.filter((offer) => offer !== undefined).length, 1);
    const upcoming = await expectOk(sdk.read.slots.getUpcomingForCandidate(candidate.id));
    assert.equal(upcoming.length, 1);
  });

  test('gives each of many slots to another candidate', async (sdk) => {
    const { slots, candidates } = await queueOf(sdk, { recruiters: 3, candidates: 3 });
    const offers = await Promise.all(slots.map((slot) => offered(sdk, slot)));
    assert.equal(new Set(offers.map((offer) => offer?.booking.candidateId)).size, candidates.length);
    assert.ok(offers.every((offer) => offer !== undefined));
  });

  test('offers nothing where nobody waits, and only what is one’s own to offer', async (sdk) => {
    const { slot, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const stranger = await expectOk(seedRecruiter(sdk));
    const as = (actor: Actor) => sdk.waitlist.offerNext({ slotId: slot.id, actor });
    assert.equal(await expectOk(as({ kind: 'recruiter', id: recruiter.id })), undefined);
    await expectErr(sdk.waitlist.offerNext({ slotId: UNKNOWN_ID }), 'SlotNotFound');
    await expectErr(as({ kind: 'recruiter', id: stranger.id }), 'Forbidden');
    await expectOk(sdk.waitlist.join({ candidateId: candidate.id, cityId: slot.cityId }));
    await expectErr(as({ kind: 'recruiter', id: stranger.id }), 'Forbidden');
    await expectErr(as({ kind: 'candidate', id: candidate.id }), 'Forbidden');
    assert.ok(await expectOk(as({ kind: 'recruiter', id: recruiter.id })));
  });

  test('is part of the unit of work that changes it', async (sdk, open) => {
    const { slot, entries } = await queueOf(sdk);
    const [entry] = entries;
    assert.ok(entry);
    const uow = open();
    assert.ok(await expectOk(sdk.waitlist.offerNext({ slotId: slot.id }, { uow })));
    assert.equal((await expectOk(uow.waitlist.get(entry.id))).status, 'offered');
    await expectOk(uow.rollback());
    assert.equal(await statusOf(sdk, entry), 'waiting');
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'free');
  });

  test('is listed in its order by every part of a filter', async (sdk) => {
    const { city, slot, entries, recruiter } = await queueOf(sdk, { candidates: 4 });
    const [first] = entries;
    assert.ok(first);
    await offered(sdk, slot);
    const wish = { candidateId: first.candidateId, cityId: city.id };
    await expectOk(sdk.waitlist.join({ ...wish, purpose: 'intro_day', recruiterId: recruiter.id }));
    const ids = async (filter: WaitlistFilter): Promise<readonly number[]> =>
      (await everyItem((page) => sdk.waitlist.list({ cityId: city.id, ...filter }, page), 2)).map(
        ({ id }) => id,
      );
    const inOrder = entries.map(({ id }) => Number(id));
    assert.deepEqual(await ids({ purpose: 'interview' }), inOrder);
    assert.deepEqual(await ids({ statuses: ['waiting'], purpose: 'interview' }), inOrder.slice(1));
    assert.deepEqual(await ids({ statuses: ['offered'] }), inOrder.slice(0, 1));
    assert.equal((await ids({ candidateId: first.candidateId })).length, 2);
    assert.equal((await ids({ recruiterId: recruiter.id })).length, 1);
    await pagesAgree((page) => sdk.waitlist.list({ cityId: city.id }, page));
    await refusesWrongPages((page) => sdk.waitlist.list({}, page));
    await expectErr(sdk.waitlist.list({ statuses: ['gone' as never] }), 'Validation', {
      field: 'statuses[0]',
    });
  });

  test('keeps those it refers to', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const recruiter = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const candidate = await expectOk(seedCandidate(sdk));
    await expectOk(
      sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id, recruiterId: recruiter.id }),
    );
    await expectErr(
      sdk.transaction((uow) => uow.candidates.delete(candidate.id)),
      'StillReferenced',
    );
    await expectErr(
      sdk.transaction((uow) => uow.recruiters.delete(recruiter.id)),
      'StillReferenced',
    );
    await expectErr(
      sdk.transaction((uow) => uow.cities.delete(city.id)),
      'StillReferenced',
    );
  });
});
