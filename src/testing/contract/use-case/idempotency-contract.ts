import assert from 'node:assert/strict';
import { err, type ResultAsync } from 'neverthrow';
import type { ArchivedCity } from '../../../application/city/archive-city.ts';
import type { ArchivedRecruiter } from '../../../application/recruiter/archive-recruiter.ts';
import type { UseCaseOptions } from '../../../application/use-case.ts';
import type { WaitlistOffer } from '../../../application/waitlist/offer-next.ts';
import type { AuditSubject } from '../../../domain/audit/audit-repository.ts';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import { Booking } from '../../../domain/booking/booking.ts';
import { City } from '../../../domain/city/city.ts';
import { Recruiter } from '../../../domain/recruiter/recruiter.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { Slot } from '../../../domain/slot/slot.ts';
import { WaitlistEntry } from '../../../domain/waitlist/waitlist-entry.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedTexts } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

interface Tagged {
  readonly type: string;
}

type Answer =
  | Slot
  | Booking
  | WaitlistEntry
  | WaitlistOffer
  | ArchivedRecruiter
  | ArchivedCity
  | Recruiter
  | City;

type Call = (options?: UseCaseOptions) => ResultAsync<Answer, Tagged>;

/** How to give each command to a board on which it is possible. */
type Arrange = (sdk: Slotwise, board: Board) => Promise<Call>;

const admin = { kind: 'admin', id: 1 } as const;

const onBooking =
  (command: 'release' | 'approve' | 'reject' | 'confirm' | 'cancel', state: BookingState): Arrange =>
  async (sdk, { slot, candidate }) => {
    const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state }));
    return (options) =>
      sdk.booking[command](
        { bookingId: booking.id, actor: admin, reason: 'why' },
        options,
      ) as ReturnType<Call>;
  };

const commands: Readonly<Record<string, Arrange>> = {
  publish: (sdk, { slot, recruiter, city }) =>
    Promise.resolve((options) => {
      const startsAt = slot.endsAt.plus(60 * MINUTE);
      const times = { startsAt, endsAt: startsAt.plus(30 * MINUTE) };
      return sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, ...times }, options);
    }),
  withdraw: (sdk, { slot }) =>
    Promise.resolve((options) =>
      sdk.slots.withdraw({ slotId: slot.id, actor: admin, reason: 'why' }, options),
    ),
  hold: (sdk, { slot, candidate }) =>
    Promise.resolve((options) => sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, options)),
  reserve: (sdk, { slot, candidate }) =>
    Promise.resolve((options) =>
      sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, options),
    ),
  release: onBooking('release', 'held'),
  approve: onBooking('approve', 'requested'),
  reject: onBooking('reject', 'requested'),
  confirm: onBooking('confirm', 'booked'),
  cancel: onBooking('cancel', 'booked'),
  changePolicy: (sdk, { slot }) =>
    Promise.resolve((options) =>
      sdk.slots.changePolicy({ slotId: slot.id, actor: admin, policy: { holdMinutes: 3 } }, options),
    ),
  joinWaitlist: (sdk, { candidate, city }) =>
    Promise.resolve((options) => sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id }, options)),
  leaveWaitlist: async (sdk, { candidate, city }) => {
    const entry = await expectOk(sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id }));
    return (options) => sdk.waitlist.leave({ entryId: entry.id, actor: admin }, options);
  },
  offerNext: async (sdk, { slot, candidate, city }) => {
    await expectOk(sdk.waitlist.join({ candidateId: candidate.id, cityId: city.id }));
    return (options) => sdk.waitlist.offerNext({ slotId: slot.id }, options).map(present);
  },
  archiveRecruiter: async (sdk, { recruiter, slot, candidate }) => {
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    const command = {
      recruiterId: recruiter.id,
      actor: admin,
      futureSlots: 'release',
      reason: 'why',
    } as const;
    return (options) => sdk.recruiters.archive(command, options);
  },
  restoreRecruiter: async (sdk, { recruiter }) => {
    await expectOk(sdk.recruiters.archive({ recruiterId: recruiter.id, actor: admin }));
    return (options) => sdk.recruiters.restore({ recruiterId: recruiter.id, actor: admin }, options);
  },
  archiveCity: async (sdk, { city, slot, candidate }) => {
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }));
    const command = { cityId: city.id, actor: admin, futureSlots: 'release', reason: 'why' } as const;
    return (options) => sdk.cities.archive(command, options);
  },
  restoreCity: async (sdk, { city }) => {
    await expectOk(sdk.cities.archive({ cityId: city.id, actor: admin }));
    return (options) => sdk.cities.restore({ cityId: city.id, actor: admin }, options);
  },
};

const present = (offer: WaitlistOffer | undefined): WaitlistOffer => {
  assert.ok(offer);
  return offer;
};

/** Whose audit trail tells what was done. */
function changedBy(answer: Answer): AuditSubject {
  if (answer instanceof WaitlistEntry) return { entity: 'waitlist_entry', id: answer.id };
  if (answer instanceof Booking) return { entity: 'slot', id: answer.slotId };
  if (answer instanceof Slot) return { entity: 'slot', id: answer.id };
  if (answer instanceof Recruiter) return { entity: 'recruiter', id: answer.id };
  if (answer instanceof City) return { entity: 'city', id: answer.id };
  if ('recruiter' in answer) return changedBy(answer.recruiter);
  return changedBy('city' in answer ? answer.city : answer.entry);
}

/** How often it was changed, as far as anybody wrote it down. */
const changes = async (sdk: Slotwise, changed: AuditSubject): Promise<number> => {
  const trail = await expectOk(sdk.transaction((uow) => uow.audit.listFor(changed)));
  return trail.items.length;
};

/** Commands that may be given twice. */
export const idempotencyContract: ContractSuite = contractSuite('an idempotency key', (test) => {
  for (const [name, arrange] of Object.entries(commands))
    test(`${name}: is done once, and answers the same again`, async (sdk) => {
      const call = await arrange(sdk, await expectOk(seedBoard(sdk)));
      const idempotencyKey = unique('key');
      const first = await expectOk(call({ idempotencyKey }));
      const done = await changes(sdk, changedBy(first));
      const again = await expectOk(call({ idempotencyKey }));
      assert.deepEqual(again, first);
      assert.deepEqual(changedBy(again), changedBy(first));
      assert.ok(done > 0);
      assert.equal(await changes(sdk, changedBy(first)), done);
    });

  test('answers what it was, not what has become of it since', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const idempotencyKey = unique('key');
    const reserve = () =>
      sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, { idempotencyKey });
    const requested = await expectOk(reserve());
    await expectOk(sdk.booking.reject({ bookingId: requested.id, actor: admin, reason: 'no' }));
    assert.deepEqual(await expectOk(reserve()), requested);
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'free');
  });

  test('of another command, or of other input, is refused', async (sdk) => {
    const { slots, candidates } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }));
    const [slot, other] = slots as [Slot, Slot];
    const [candidate, stranger] = candidates as [Board['candidate'], Board['candidate']];
    const idempotencyKey = unique('key');
    const given = { slotId: slot.id, candidateId: candidate.id };
    await expectOk(sdk.booking.hold(given, { idempotencyKey }));
    const refused = { key: idempotencyKey, operation: 'booking.hold' };
    for (const call of [
      sdk.booking.reserve(given, { idempotencyKey }),
      sdk.booking.hold({ ...given, slotId: other.id }, { idempotencyKey }),
      sdk.booking.hold({ ...given, candidateId: stranger.id }, { idempotencyKey }),
      sdk.booking.hold({ ...given, actor: admin }, { idempotencyKey }),
    ])
      await expectErr(call, 'IdempotencyMismatch', refused);
    assert.equal((await expectOk(sdk.read.slots.get(other.id))).status, 'free');
    assert.equal(await changes(sdk, changedBy(slot)), 1);
  });

  test('is the same for the same input, however it is written down', async (sdk) => {
    const { slot, recruiter, city } = await expectOk(seedBoard(sdk));
    const startsAt = slot.endsAt.plus(60 * MINUTE);
    const endsAt = startsAt.plus(30 * MINUTE);
    const options = { idempotencyKey: unique('key') };
    const first = await expectOk(
      sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt }, options),
    );
    const again = await expectOk(
      sdk.slots.publish(
        { endsAt: endsAt.toDate(), startsAt: startsAt.toDate(), cityId: city.id, recruiterId: recruiter.id },
        options,
      ),
    );
    assert.deepEqual(again, first);
  });

  test('is not used up by a command that was refused', async (sdk) => {
    const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [winner, loser] = candidates as [Board['candidate'], Board['candidate']];
    const options = { idempotencyKey: unique('key') };
    const mine = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: winner.id }));
    const reserve = () => sdk.booking.reserve({ slotId: slot.id, candidateId: loser.id }, options);
    await expectErr(reserve(), 'SlotTaken');
    await expectErr(reserve(), 'SlotTaken');
    await expectOk(sdk.booking.release({ bookingId: mine.id, actor: admin }));
    const booking = await expectOk(reserve());
    assert.deepEqual(await expectOk(reserve()), booking);
  });

  test('lets one of several run that are made at once, and all of them answer the same', async (sdk) => {
    const { slot, recruiter, city } = await expectOk(seedBoard(sdk));
    const startsAt = slot.endsAt.plus(60 * MINUTE);
    const command = {
      recruiterId: recruiter.id,
      cityId: city.id,
      startsAt,
      endsAt: startsAt.plus(30 * MINUTE),
    };
    const idempotencyKey = unique('key');
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => expectOk(sdk.slots.publish(command, { idempotencyKey }))),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal((await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id))).length, 2);
  });

  test('belongs to the unit of work that is joined: it is lost with it', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const idempotencyKey = unique('key');
    const given = { slotId: slot.id, candidateId: candidate.id };
    const undone: Booking[] = [];
    const changedMyMind = await sdk.transaction((uow) =>
      sdk.booking
        .hold(given, { uow, idempotencyKey })
        .andTee((booking) => undone.push(booking))
        .andThen(() => err({ type: 'ChangedMyMind' } as const)),
    );
    assert.ok(changedMyMind.isErr());
    const uow = open();
    const held = await expectOk(sdk.booking.hold(given, { uow, idempotencyKey }));
    assert.deepEqual(await expectOk(sdk.booking.hold(given, { uow, idempotencyKey })), held);
    await expectOk(uow.commit());
    assert.deepEqual(await expectOk(sdk.booking.hold(given, { idempotencyKey })), held);
    assert.notEqual(held.id, undone[0]?.id);
  });

  test('is text that says something, of 200 characters at most', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const hold = (idempotencyKey: string) =>
      sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { idempotencyKey });
    for (const text of refusedTexts(200))
      await expectErr(hold(text), 'Validation', { field: 'idempotencyKey' });
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'free');
    await expectOk(hold(`${unique('🔑')}${'🔑'.repeat(150)}`));
  });
});
