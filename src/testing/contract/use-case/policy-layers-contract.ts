import assert from 'node:assert/strict';
import type { PolicyOverrides } from '../../../domain/booking/booking-policy.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { Candidate } from '../../../domain/candidate/candidate.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk, type Outcome } from '../outcome.ts';

const DAY = 24 * 60 * MINUTE;

/** From the widest to the narrowest; the global rules are wider than all of them. */
const circles = ['city', 'recruiter', 'slot'] as const;
type Circle = (typeof circles)[number];
type Layers = Partial<Readonly<Record<Circle, PolicyOverrides>>>;

interface Place {
  readonly slot: Slot;
  readonly candidate: Candidate;
}

/** A published slot where each circle has these rules of its own. */
async function placeWith(sdk: Slotwise, layers: Layers, when: Partial<When> = {}): Promise<Place> {
  const city = await expectOk(seedCity(sdk, { policy: layers.city ?? {} }));
  const recruiter = await expectOk(
    seedRecruiter(sdk, { cityIds: [city.id], policy: layers.recruiter ?? {} }),
  );
  const { startsAt, timeZone } = { ...(await inTwoDays(sdk)), ...when };
  const slot = await expectOk(
    sdk.slots.publish({
      recruiterId: recruiter.id,
      cityId: city.id,
      startsAt,
      endsAt: startsAt.plus(30 * MINUTE),
      timeZone,
      policy: layers.slot ?? {},
    }),
  );
  return { slot, candidate: await expectOk(seedCandidate(sdk)) };
}

interface When {
  readonly startsAt: Instant;
  readonly timeZone: string;
}

const now = (sdk: Slotwise): Promise<Instant> => expectOk(sdk.transaction((uow) => uow.now()));

const inTwoDays = async (sdk: Slotwise): Promise<When> => ({
  startsAt: (await now(sdk)).plus(2 * DAY),
  timeZone: 'Europe/Berlin',
});

/** A quarter of an hour ahead, in a zone where that is still the same day. */
async function soon(sdk: Slotwise): Promise<When> {
  const at = await now(sdk);
  const startsAt = at.plus(15 * MINUTE);
  const timeZone = ['UTC', 'Asia/Tokyo'].find((zone) =>
    at.toZonedDateTime(zone).toPlainDate().equals(startsAt.toZonedDateTime(zone).toPlainDate()),
  );
  assert.ok(timeZone !== undefined);
  return { startsAt, timeZone };
}

const minutesOf = ({ createdAt, expiresAt }: Booking): number =>
  ((expiresAt?.epochMilliseconds ?? Number.NaN) - createdAt.epochMilliseconds) / MINUTE;

/** How an outcome shows which rule was asked: by the type of its error, or not at all. */
const errorOf = async (outcome: Outcome<unknown, { readonly type: string }>): Promise<string | undefined> => {
  const result = await outcome;
  return result.isErr() ? result.error.type : undefined;
};

const ids = ({ slot, candidate }: Place) => ({ slotId: slot.id, candidateId: candidate.id });

/** A rule, two values of it, and what a use case shows under each. */
interface Rule {
  readonly name: string;
  readonly one: PolicyOverrides;
  readonly other: PolicyOverrides;
  readonly when?: (sdk: Slotwise) => Promise<When>;
  readonly show: (sdk: Slotwise, place: Place) => Promise<unknown>;
  readonly shown: readonly [one: unknown, other: unknown];
}

const rules: readonly Rule[] = [
  {
    name: 'approval',
    one: { approval: 'auto' },
    other: { approval: 'manual' },
    show: async (sdk, place) => (await expectOk(sdk.booking.reserve(ids(place)))).state,
    shown: ['booked', 'requested'],
  },
  {
    name: 'the time of a hold',
    one: { holdMinutes: 7 },
    other: { holdMinutes: 9 },
    show: async (sdk, place) => minutesOf(await expectOk(sdk.booking.hold(ids(place)))),
    shown: [7, 9],
  },
  {
    name: 'the time for an approval',
    one: { approvalMinutes: 11 },
    other: { approvalMinutes: 13 },
    show: async (sdk, place) => minutesOf(await expectOk(sdk.booking.reserve(ids(place)))),
    shown: [11, 13],
  },
  {
    name: 'the time of an offer',
    one: { offerMinutes: 17 },
    other: { offerMinutes: 19 },
    show: async (sdk, { slot, candidate }) => {
      await expectOk(sdk.waitlist.join({ candidateId: candidate.id, cityId: slot.cityId }));
      const offer = await expectOk(sdk.waitlist.offerNext({ slotId: slot.id }));
      return offer && minutesOf(offer.booking);
    },
    shown: [17, 19],
  },
  {
    name: 'the minimum notice',
    one: { minNoticeMinutes: 3 * 24 * 60 },
    other: { minNoticeMinutes: 0 },
    show: (sdk, place) => errorOf(sdk.booking.reserve(ids(place))),
    shown: ['TooLate', undefined],
  },
  {
    name: 'the horizon',
    one: { horizonMinutes: 60 },
    other: { horizonMinutes: null },
    show: (sdk, place) => errorOf(sdk.booking.reserve(ids(place))),
    shown: ['TooEarly', undefined],
  },
  {
    name: 'the same day',
    one: { sameDay: false },
    other: { sameDay: true },
    when: soon,
    show: (sdk, place) => errorOf(sdk.booking.reserve(ids(place))),
    shown: ['TooLate', undefined],
  },
  {
    name: 'the freeze',
    one: { freezeMinutes: 5 * 24 * 60 },
    other: { freezeMinutes: 0 },
    show: async (sdk, { slot, candidate }) => {
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state: 'booked' }));
      const actor = { kind: 'candidate', id: candidate.id } as const;
      return errorOf(sdk.booking.cancel({ bookingId: booking.id, actor }));
    },
    shown: ['FreezeWindow', undefined],
  },
  {
    name: 'the maximum of active bookings',
    one: { maxActivePerCandidate: 1 },
    other: { maxActivePerCandidate: null },
    show: async (sdk, place) => {
      const city = await expectOk(seedCity(sdk));
      const elsewhere = await expectOk(
        seedSlot(sdk, { recruiter: await expectOk(seedRecruiter(sdk)), city }),
      );
      await expectOk(seedBooking(sdk, { slot: elsewhere, candidate: place.candidate, state: 'booked' }));
      return errorOf(sdk.booking.reserve(ids(place)));
    },
    shown: ['TooManyBookings', undefined],
  },
  {
    name: 'the buffers',
    one: { bufferBeforeMinutes: 20, bufferAfterMinutes: 10 },
    other: { bufferBeforeMinutes: 5, bufferAfterMinutes: 0 },
    show: (_sdk, { slot }) =>
      Promise.resolve([
        (slot.startsAt.epochMilliseconds - slot.occupiedFrom.epochMilliseconds) / MINUTE,
        (slot.occupiedUntil.epochMilliseconds - slot.endsAt.epochMilliseconds) / MINUTE,
      ]),
    shown: [
      [20, 10],
      [5, 0],
    ],
  },
];

/** Every rule, wherever it is set. The global rules are the defaults here. */
export const policyLayersContract: ContractSuite = contractSuite('the rules of a booking', (test) => {
  for (const { name, one, other, when, show, shown } of rules)
    test(`take ${name} from the narrowest circle that says something`, async (sdk) => {
      const seen = async (layers: Layers) => show(sdk, await placeWith(sdk, layers, await when?.(sdk)));
      const [underOne, underOther] = shown;
      for (const [index, circle] of circles.entries()) {
        const wider = circles.slice(0, index);
        const all = (rule: PolicyOverrides): Layers => Object.fromEntries(wider.map((each) => [each, rule]));
        assert.deepEqual(await seen({ [circle]: one }), underOne, `${circle} alone`);
        if (wider.length === 0) continue;
        assert.deepEqual(
          await seen({ ...all(other), [circle]: one }),
          underOne,
          `${circle} before the wider`,
        );
        assert.deepEqual(await seen({ ...all(one), [circle]: other }), underOther, `${circle} takes it back`);
      }
    });

  test('are mixed of all circles, rule by rule', async (sdk) => {
    const place = await placeWith(sdk, {
      city: { approval: 'auto', holdMinutes: 7, bufferBeforeMinutes: 20 },
      recruiter: { holdMinutes: 9, maxActivePerCandidate: 4 },
      slot: { maxActivePerCandidate: null },
    });
    assert.ok(place.slot.occupiedFrom.equals(place.slot.startsAt.plus(-20 * MINUTE)));
    const held = await expectOk(sdk.booking.hold(ids(place)));
    assert.equal(minutesOf(held), 9);
    assert.equal((await expectOk(sdk.booking.reserve(ids(place)))).state, 'booked');
  });

  test('hold for what comes after they were changed', async (sdk) => {
    const { slot, candidate } = await placeWith(sdk, { recruiter: { holdMinutes: 7 } });
    const place = { slot, candidate };
    const recruiter = { kind: 'recruiter', id: slot.recruiterId } as const;
    const held = await expectOk(sdk.booking.hold(ids(place)));
    const changed = await expectOk(
      sdk.slots.changePolicy({ slotId: slot.id, policy: { approval: 'auto' }, actor: recruiter }),
    );
    assert.deepEqual([changed.policy, changed.status], [{ approval: 'auto' }, 'pending']);
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), changed);
    assert.equal((await expectOk(sdk.booking.reserve(ids(place)))).state, 'booked');
    assert.equal(minutesOf(held), 7);
    await expectOk(
      sdk.transaction((uow) =>
        uow.cities
          .get(slot.cityId)
          .andThen((city) => city.changePolicy({ freezeMinutes: 3 * 24 * 60 }))
          .andThen((city) => uow.cities.update(city)),
      ),
    );
    const actor = { kind: 'candidate', id: candidate.id } as const;
    await expectErr(sdk.booking.cancel({ bookingId: held.id, actor }), 'FreezeWindow');
    const trail = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
    );
    const entry = trail.items.find(({ action }) => action === 'changePolicy');
    assert.deepEqual([entry?.actor, entry?.data], [recruiter, { policy: { approval: 'auto' } }]);
  });

  test('of a slot are changed by who owns it, to what rules can be, and never its buffers', async (sdk) => {
    const { slot, candidate } = await placeWith(sdk, {});
    const stranger = await expectOk(seedRecruiter(sdk));
    const change = (policy: object, id: number = slot.recruiterId) =>
      sdk.slots.changePolicy({ slotId: slot.id, policy, actor: { kind: 'recruiter', id } });
    await expectErr(change({ holdMinutes: 5 }, stranger.id), 'Forbidden');
    const byCandidate = { kind: 'candidate', id: candidate.id } as const;
    await expectErr(sdk.slots.changePolicy({ slotId: slot.id, policy: {}, actor: byCandidate }), 'Forbidden');
    for (const [policy, field] of [
      [{ holdMinutes: 0 }, 'policy.holdMinutes'],
      [{ holdMinuets: 5 }, 'policy.holdMinuets'],
      [{ bufferAfterMinutes: 5 }, 'policy.bufferAfterMinutes'],
      [{ approval: null }, 'policy.approval'],
      [null, 'policy'],
    ] as const)
      await expectErr(change(policy as never), 'Validation', { field });
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
    assert.deepEqual((await expectOk(change({ horizonMinutes: null }))).policy, { horizonMinutes: null });
  });
});
