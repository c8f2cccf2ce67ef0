import assert from 'node:assert/strict';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectOk } from '../outcome.ts';

const LONG_AGO = Instant.fromEpochMilliseconds(0);

/** How candidates come by slots, with the policy as it is when nobody says otherwise. */
export const takeSlotContract: ContractSuite = contractSuite('holding and reserving a slot', (test) => {
  test('holds it while the candidate chooses, then asks the recruiter, as one booking', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const command = { slotId: slot.id, candidateId: candidate.id };
    const held = await expectOk(sdk.booking.hold(command));
    assert.deepEqual([held.state, held.slotId, held.candidateId], ['held', slot.id, candidate.id]);
    const stored = await expectOk(sdk.read.slots.get(slot.id));
    assert.deepEqual(
      [stored.status, stored.candidateId, stored.currentBookingId],
      ['pending', candidate.id, held.id],
    );
    assert.deepEqual(stored.holdExpiresAt, held.expiresAt);
    assert.deepEqual(held.expiresAt, held.createdAt.plus(5 * MINUTE));

    const requested = await expectOk(sdk.booking.reserve(command));
    assert.deepEqual([requested.id, requested.state], [held.id, 'requested']);
    // In two days, or when the slot starts if that is sooner.
    const decided = held.createdAt.plus(47 * 60 * MINUTE);
    assert.ok(
      requested.expiresAt?.isAfter(decided) === true || requested.expiresAt?.equals(slot.startsAt) === true,
    );
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(held.id))), requested);
  });

  test('reserves it without a hold before', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const booking = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    assert.deepEqual([booking.state, booking.version, booking.purpose], ['requested', 1, slot.purpose]);
    const stored = await expectOk(sdk.read.slots.get(slot.id));
    assert.deepEqual([stored.status, stored.currentBookingId], ['pending', booking.id]);
  });

  test('answers the same booking to a command that is repeated, also at the same time', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const command = { slotId: slot.id, candidateId: candidate.id };
    const held = await expectOk(sdk.booking.hold(command));
    assert.deepEqual(await expectOk(sdk.booking.hold(command)), held);
    const answers = await Promise.all(
      Array.from({ length: 3 }, async () => expectOk(sdk.booking.reserve(command))),
    );
    for (const booking of answers) assert.deepEqual([booking.id, booking.state], [held.id, 'requested']);
    assert.deepEqual(await expectOk(sdk.booking.hold(command)), answers[0]);
    const { items } = await expectOk(sdk.transaction((uow) => uow.bookings.listForCandidate(candidate.id)));
    assert.equal(items.length, 1);
  });

  test('lets exactly one of many candidates win', async (sdk) => {
    const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 6 }));
    const outcomes = await Promise.all(
      candidates.map(async ({ id }) => sdk.booking.reserve({ slotId: slot.id, candidateId: id })),
    );
    const won = outcomes.flatMap((outcome) => (outcome.isOk() ? [outcome.value] : []));
    const lost = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
    assert.equal(won.length, 1);
    assert.deepEqual(
      lost,
      Array.from({ length: 5 }, () => 'SlotTaken'),
    );
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).currentBookingId, won[0]?.id);
  });

  test('lets a candidate who takes two slots of one time at once have one', async (sdk) => {
    const { slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const outcomes = await Promise.all(
      slots.map(async ({ id }) => sdk.booking.reserve({ slotId: id, candidateId: candidate.id })),
    );
    const lost = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
    assert.deepEqual(lost, ['CandidateBusy']);
  });

  test('takes a slot over whose hold has lapsed, and ends the old booking', async (sdk) => {
    const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [late, quick] = candidates;
    assert.ok(late && quick);
    const { booking: lapsed } = await expectOk(
      seedBooking(sdk, { slot, candidate: late, state: 'held', expiresAt: LONG_AGO }),
    );
    const booking = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: quick.id }));
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).currentBookingId, booking.id);
    const ended = await expectOk(sdk.transaction((uow) => uow.bookings.get(lapsed.id)));
    assert.deepEqual([ended.state, ended.endedBy, ended.version], ['expired', { kind: 'system' }, 2]);
  });

  test('starts anew when the candidate took the slot before and let it lapse', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { booking: lapsed } = await expectOk(seedBooking(sdk, { slot, candidate, expiresAt: LONG_AGO }));
    const booking = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    assert.notEqual(booking.id, lapsed.id);
    assert.equal(booking.state, 'requested');
  });

  test('is not blocked by what the candidate let lapse elsewhere, and frees that slot', async (sdk) => {
    const { slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const [lapsed, wanted] = slots;
    assert.ok(lapsed && wanted);
    await expectOk(seedBooking(sdk, { slot: lapsed, candidate, expiresAt: LONG_AGO }));
    await expectOk(sdk.booking.reserve({ slotId: wanted.id, candidateId: candidate.id }));
    const freed = await expectOk(sdk.read.slots.get(lapsed.id));
    assert.deepEqual([freed.status, freed.candidateId], ['free', undefined]);
  });

  test('is not blocked by an interview that is over, and completes it', async (sdk) => {
    const { city, recruiter, slot, candidate } = await expectOk(seedBoard(sdk));
    const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(-120 * MINUTE))));
    const past = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
    const { booking } = await expectOk(seedBooking(sdk, { slot: past, candidate, state: 'confirmed' }));
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    const completed = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
    assert.equal(completed.state, 'completed');
    const over = await expectOk(sdk.read.slots.get(past.id));
    assert.deepEqual([over.status, over.currentBookingId], ['completed', booking.id]);
  });

  test('lets the same two meet again for another purpose, and on any number of intro days', async (sdk) => {
    const { city, recruiter, slot, candidate } = await expectOk(seedBoard(sdk));
    const reserve = (id: number) => expectOk(sdk.booking.reserve({ slotId: id, candidateId: candidate.id }));
    await reserve(slot.id);
    for (const purpose of ['review', 'intro_day', 'intro_day']) {
      const another = await expectOk(seedSlot(sdk, { recruiter, city, purpose }));
      await reserve(another.id);
    }
  });

  test('tells who comes too late what else is free, the same recruiter and the nearest first', async (sdk) => {
    const { city, recruiter, slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [first, second] = candidates;
    assert.ok(first && second);
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const at = (hours: number): Instant => slot.startsAt.plus(hours * 60 * MINUTE);
    const colleagues = await expectOk(seedSlot(sdk, { recruiter: colleague, city, startsAt: at(0) }));
    const later = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(5) }));
    const sooner = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: at(2) }));
    await expectOk(seedSlot(sdk, { recruiter: colleague, city, startsAt: at(9) }));
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: first.id }));
    for (const take of [sdk.booking.hold, sdk.booking.reserve]) {
      const outcome = await take({ slotId: slot.id, candidateId: second.id });
      assert.ok(outcome.isErr() && outcome.error.type === 'SlotTaken');
      assert.deepEqual(outcome.error.alternatives, [sooner, later, colleagues]);
    }
  });
});
