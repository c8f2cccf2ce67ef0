import assert from 'node:assert/strict';
import type { PolicyOverrides } from '../../../domain/booking/booking-policy.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const HOUR = 60 * MINUTE;

/** A city with two recruiters who have three slots each at the same times, tomorrow at 0, 1 and 2 hours. */
async function scene(sdk: Slotwise) {
  const city = await expectOk(seedCity(sdk));
  const candidate = await expectOk(seedCandidate(sdk));
  const [ann, ben] = [
    await expectOk(seedRecruiter(sdk, { cityIds: [city.id] })),
    await expectOk(seedRecruiter(sdk, { cityIds: [city.id] })),
  ];
  const now = await expectOk(sdk.transaction((uow) => uow.now()));
  const start = now.plus(30 * HOUR);
  const at = async (
    recruiter: typeof ann,
    hours: number,
    policy: PolicyOverrides = {},
    purpose = 'interview',
  ) => expectOk(seedSlot(sdk, { recruiter, city, startsAt: start.plus(hours * HOUR), policy, purpose }));
  const any = (change: object = {}) =>
    sdk.booking.reserveAny({
      cityId: city.id,
      candidateId: candidate.id,
      strategy: 'earliest',
      ...change,
    });
  return { city, candidate, ann, ben, start, at, any };
}

/** A candidate takes whichever slot there is. */
export const reserveAnyContract: ContractSuite = contractSuite('reserving any slot', (test) => {
  test('takes the earliest, and asks its recruiter', async (sdk) => {
    const { ann, ben, at, any } = await scene(sdk);
    await at(ann, 2);
    const first = await at(ben, 1);
    const booking = await expectOk(any());
    assert.deepEqual([booking.slotId, booking.state], [first.id, 'requested']);
    const stored = await expectOk(sdk.read.slots.get(first.id));
    assert.deepEqual([stored.status, stored.currentBookingId], ['pending', booking.id]);
  });

  test('takes what is asked for: from, until, purpose', async (sdk) => {
    const { ann, at, any, start } = await scene(sdk);
    const slots = [await at(ann, 0), await at(ann, 1), await at(ann, 2)];
    const intro = await at(ann, 5, {}, 'intro_day');
    const from = start.plus(HOUR);
    assert.equal((await expectOk(any({ from, until: start.plus(2 * HOUR) }))).slotId, slots[1]?.id);
    assert.equal((await expectOk(any({ purpose: 'intro_day' }))).slotId, intro.id);
    await expectErr(any({ until: start, purpose: 'intro_day' }), 'NoSlotFree', { purpose: 'intro_day' });
  });

  test('leastLoaded: takes of the recruiter who has the fewest ahead', async (sdk) => {
    const { ann, ben, at, any } = await scene(sdk);
    const [busy, lapsed] = [await at(ann, 8), await at(ben, 8)];
    await at(ann, 0);
    const later = await at(ben, 1);
    const somebody = await expectOk(seedCandidate(sdk));
    await expectOk(seedBooking(sdk, { slot: busy, candidate: somebody, state: 'confirmed' }));
    const LONG_AGO = Instant.fromEpochMilliseconds(0);
    await expectOk(
      seedBooking(sdk, { slot: lapsed, candidate: await expectOk(seedCandidate(sdk)), expiresAt: LONG_AGO }),
    );
    assert.equal((await expectOk(any({ strategy: 'leastLoaded' }))).slotId, later.id);
  });

  test('preferred: takes of the first in the list who has one, and of anybody else in the end', async (sdk) => {
    const { city, ann, ben, at, any } = await scene(sdk);
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const early = await at(colleague, 0);
    const [hers, his] = [await at(ann, 1), await at(ben, 2)];
    const strategy = 'preferred';
    const preferredRecruiterIds = [ben.id, ann.id];
    const taken = [];
    for (let turn = 0; turn < 3; turn += 1)
      taken.push((await expectOk(any({ strategy, preferredRecruiterIds }))).slotId);
    assert.deepEqual(taken, [his.id, hers.id, early.id]);
  });

  test('never takes what the candidate cannot have', async (sdk) => {
    const { city, candidate, ann, ben, at, any, start } = await scene(sdk);
    const mine = await at(ann, 2);
    await expectOk(seedBooking(sdk, { slot: mine, candidate, state: 'booked' }));
    await at(ann, 0); // the same recruiter again
    await at(ben, 2); // the same time
    const refused: readonly PolicyOverrides[] = [
      { minNoticeMinutes: 60 * 24 * 30 },
      { horizonMinutes: 60 },
      { maxActivePerCandidate: 1 },
    ];
    for (const [index, policy] of refused.entries()) await at(ben, 3 + index, policy);
    const archived = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    await at(archived, 0);
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(archived.archive())));
    const [before] = await expectOk(sdk.transaction((uow) => uow.slots.get(mine.id).map((slot) => [slot])));
    assert.ok(before);
    const none = { cityId: city.id, purpose: 'interview' };
    await refuses(sdk, { slots: [before], candidates: [candidate] }, () => any(), 'NoSlotFree', none);
    const last = await at(ben, 9, {
      minNoticeMinutes: 60,
      horizonMinutes: 60 * 24 * 7,
      maxActivePerCandidate: 2,
    });
    assert.equal((await expectOk(any())).slotId, last.id);
    assert.ok(last.startsAt.isAfter(start));
  });

  test('asks the rules of every circle, the narrowest first', async (sdk) => {
    const { city, ann, ben, at, any } = await scene(sdk);
    const never = { minNoticeMinutes: 60 * 24 * 365 };
    await expectOk(
      sdk.transaction((uow) =>
        city
          .changePolicy({ ...never, horizonMinutes: 1 })
          .asyncAndThen((strict) => uow.cities.update(strict)),
      ),
    );
    await expectOk(
      sdk.transaction((uow) =>
        ben
          .changePolicy({ minNoticeMinutes: 0, horizonMinutes: null })
          .asyncAndThen((generous) => uow.recruiters.update(generous)),
      ),
    );
    await at(ann, 0);
    await at(ben, 1, never);
    await at(ben, 2, { horizonMinutes: 1 });
    const good = await at(ben, 3);
    assert.equal((await expectOk(any())).slotId, good.id);
  });

  test('refuses a slot of its own day where the policy does, in the zone of the slot', async (sdk) => {
    const city = await expectOk(seedCity(sdk, { timeZone: 'Pacific/Auckland' }));
    const recruiter = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const candidate = await expectOk(seedCandidate(sdk));
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const midnight = Instant.fromEpochMilliseconds(
      now.toZonedDateTime('Pacific/Auckland').startOfDay().add({ days: 1 }).epochMilliseconds,
    );
    const policy = { sameDay: false };
    await expectOk(seedSlot(sdk, { recruiter, city, policy, startsAt: midnight.plus(-MINUTE) }));
    const tomorrow = await expectOk(
      seedSlot(sdk, { recruiter, city, policy, startsAt: midnight.plus(HOUR) }),
    );
    const claim = { cityId: city.id, candidateId: candidate.id, strategy: 'earliest' } as const;
    assert.equal((await expectOk(sdk.booking.reserveAny(claim))).slotId, tomorrow.id);
  });

  test('takes a slot over whose hold has lapsed, and is not blocked by what the candidate let lapse', async (sdk) => {
    const { candidate, ann, ben, at, any } = await scene(sdk);
    const expiresAt = Instant.fromEpochMilliseconds(0);
    const somebody = await expectOk(seedCandidate(sdk));
    const lapsed = await expectOk(
      seedBooking(sdk, { slot: await at(ann, 0), candidate: somebody, state: 'held', expiresAt }),
    );
    const own = await at(ben, 0);
    await expectOk(seedBooking(sdk, { slot: own, candidate, state: 'held', expiresAt }));
    const booking = await expectOk(any());
    assert.equal(booking.slotId, lapsed.slot.id);
    const ended = await expectOk(sdk.transaction((uow) => uow.bookings.get(lapsed.booking.id)));
    assert.equal(ended.state, 'expired');
  });

  test('gives each of many candidates who come at once a slot of their own', async (sdk) => {
    const { slots, city, candidates } = await expectOk(
      seedBoard(sdk, { slotsPerRecruiter: 6, candidates: 6 }),
    );
    const bookings = await Promise.all(
      candidates.map(({ id }) =>
        expectOk(sdk.booking.reserveAny({ cityId: city.id, candidateId: id, strategy: 'earliest' })),
      ),
    );
    assert.deepEqual(
      bookings.map(({ slotId }) => slotId).toSorted((a, b) => a - b),
      slots.map(({ id }) => id).toSorted((a, b) => a - b),
    );
    const late = await expectOk(seedCandidate(sdk));
    await expectErr(
      sdk.booking.reserveAny({ cityId: city.id, candidateId: late.id, strategy: 'earliest' }),
      'NoSlotFree',
    );
  });

  test('is for the candidate', async (sdk) => {
    const { ann, at, any, candidate } = await scene(sdk);
    const slot = await at(ann, 0);
    for (const actor of [
      { kind: 'candidate', id: (await expectOk(seedCandidate(sdk))).id },
      { kind: 'recruiter', id: ann.id },
    ] as const)
      await refuses(sdk, { slots: [slot], candidates: [candidate] }, () => any({ actor }), 'Forbidden');
    await expectOk(any({ actor: { kind: 'system' } }));
  });

  test('refuses input that is wrong', async (sdk) => {
    const { ann, at, any, candidate, start } = await scene(sdk);
    const witnesses = { slots: [await at(ann, 0)], candidates: [candidate] };
    await refuses(sdk, witnesses, () => any({ cityId: UNKNOWN_ID }), 'CityNotFound');
    await refuses(sdk, witnesses, () => any({ candidateId: UNKNOWN_ID }), 'CandidateNotFound');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, () => any({ cityId: id }), 'Validation');
      await refuses(sdk, witnesses, () => any({ candidateId: id }), 'Validation');
    }
    for (const [change, field] of [
      [{ strategy: 'random' }, 'strategy'],
      [{ purpose: 'No Purpose' }, 'purpose'],
      [{ from: start, until: start }, 'until'],
      [{ strategy: 'preferred' }, 'preferredRecruiterIds'],
      [{ preferredRecruiterIds: [1] }, 'preferredRecruiterIds'],
      [{ strategy: 'preferred', preferredRecruiterIds: [0] }, 'preferredRecruiterIds[0]'],
    ] as const)
      await refuses(sdk, witnesses, () => any(change), 'Validation', { field });
  });
});
