import assert from 'node:assert/strict';
import { bookingOutcomes, bookingStates, type BookingState } from '../../../domain/booking/booking-state.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const admin = { kind: 'admin', id: 1 } as const;
const attended = 'attended' as const;
const reportable: readonly BookingState[] = ['booked', 'confirmed', 'completed'];

/** A booking of a slot that started this many minutes ago. */
async function started(sdk: Slotwise, state: BookingState, minutesAgo = 1) {
  const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
  const startsAt = await expectOk(
    sdk.transaction((uow) => uow.now().map((at) => at.plus(-minutesAgo * MINUTE))),
  );
  const free = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
  const { slot, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
  return { recruiter, candidate, slot, booking, witnesses: { slots: [slot], candidates: [candidate] } };
}

/** What became of an interview. */
export const outcomeContract: ContractSuite = contractSuite('recording an outcome', (test) => {
  for (const outcome of bookingOutcomes)
    test(`${outcome}: completes a booked or confirmed booking, and is told`, async (sdk) => {
      for (const state of ['booked', 'confirmed'] as const) {
        const { recruiter, slot, booking } = await started(sdk, state);
        const told: string[] = [];
        const stop = sdk.events.onAny(({ type, data }) => {
          if ('bookingId' in data && data.bookingId === booking.id) told.push(type);
        });
        const actor = { kind: 'recruiter', id: recruiter.id } as const;
        const command = { bookingId: booking.id, outcome, actor, reason: 'seen' };
        const recorded = await expectOk(sdk.booking.recordOutcome(command));
        stop();
        assert.deepEqual(
          [recorded.state, recorded.outcome, recorded.endedBy, recorded.endReason],
          ['completed', outcome, actor, 'seen'],
        );
        const stored = await expectOk(sdk.read.slots.get(slot.id));
        assert.deepEqual([stored.status, stored.currentBookingId], ['completed', booking.id]);
        assert.deepEqual(told, [outcome === 'attended' ? 'booking.completed' : 'booking.no_show']);
        const { items } = await expectOk(
          sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
        );
        assert.deepEqual(
          items.map(({ action, data }) => [action, data]),
          [['complete', { outcome }]],
        );
      }
    });

  test('can come later than the end, once: then it is what it is', async (sdk) => {
    const { booking, candidate, witnesses } = await started(sdk, 'completed');
    const record = (outcome: (typeof bookingOutcomes)[number]) =>
      sdk.booking.recordOutcome({ bookingId: booking.id, outcome, actor: admin });
    const recorded = await expectOk(record('candidate_no_show'));
    assert.deepEqual(
      [recorded.outcome, recorded.endedAt, recorded.endedBy],
      ['candidate_no_show', booking.endedAt, booking.endedBy],
    );
    assert.deepEqual(await expectOk(record('candidate_no_show')), recorded);
    const slots = await expectOk(
      sdk.transaction((uow) => uow.slots.get(booking.slotId).map((slot) => [slot])),
    );
    for (const other of ['attended', 'recruiter_no_show'] as const)
      await refuses(
        sdk,
        { ...witnesses, slots, candidates: [candidate] },
        () => record(other),
        'InvalidTransition',
        {
          command: 'recordOutcome',
          from: 'completed',
        },
      );
  });

  for (const state of bookingStates.filter((one) => !reportable.includes(one)))
    test(`refuses a ${state} booking`, async (sdk) => {
      const { booking, witnesses } = await started(sdk, state);
      const record = () =>
        sdk.booking.recordOutcome({ bookingId: booking.id, outcome: attended, actor: admin });
      await refuses(sdk, witnesses, record, 'InvalidTransition', { from: state, to: 'completed' });
    });

  test('must wait for the start', async (sdk) => {
    for (const state of ['booked', 'confirmed'] as const) {
      const { slot, booking, witnesses } = await started(sdk, state, -60);
      const record = () =>
        sdk.booking.recordOutcome({ bookingId: booking.id, outcome: attended, actor: admin });
      await refuses(sdk, witnesses, record, 'TooEarly', { opensAt: slot.startsAt });
    }
  });

  test('is for the recruiter of the slot', async (sdk) => {
    const { booking, candidate, witnesses } = await started(sdk, 'confirmed');
    const stranger = await expectOk(seedRecruiter(sdk));
    for (const actor of [
      { kind: 'recruiter', id: stranger.id },
      { kind: 'candidate', id: candidate.id },
    ] as const)
      await refuses(
        sdk,
        witnesses,
        () => sdk.booking.recordOutcome({ bookingId: booking.id, outcome: attended, actor }),
        'Forbidden',
        { command: 'recordOutcome', actor },
      );
  });

  test('refuses input that is wrong', async (sdk) => {
    const { booking, witnesses } = await started(sdk, 'confirmed');
    const record = (change: object) => () =>
      sdk.booking.recordOutcome({ bookingId: booking.id, outcome: attended, actor: admin, ...change });
    await refuses(sdk, witnesses, record({ bookingId: UNKNOWN_ID }), 'BookingNotFound');
    for (const bookingId of refusedIds) await refuses(sdk, witnesses, record({ bookingId }), 'Validation');
    for (const outcome of ['late', '', null, undefined, 1])
      await refuses(sdk, witnesses, record({ outcome }), 'Validation', { field: 'outcome' });
    for (const reason of refusedTexts(textLimits.reason))
      await refuses(sdk, witnesses, record({ reason }), 'Validation', { field: 'reason' });
  });

  test('of many at once: each by itself, in the order given', async (sdk) => {
    const [one, future, other] = [
      await started(sdk, 'booked'),
      await started(sdk, 'booked', -60),
      await started(sdk, 'confirmed'),
    ];
    const { bookings, refused } = await expectOk(
      sdk.booking.recordOutcomes({
        actor: admin,
        outcomes: [
          { bookingId: other.booking.id, outcome: 'recruiter_no_show' },
          { bookingId: future.booking.id, outcome: attended },
          { bookingId: UNKNOWN_ID, outcome: attended },
          { bookingId: one.booking.id, outcome: attended, reason: 'seen' },
          { bookingId: one.booking.id, outcome: 'candidate_no_show' },
          { bookingId: 0, outcome: attended },
        ],
      }),
    );
    assert.deepEqual(
      bookings.map(({ id, outcome }) => [id, outcome]),
      [
        [other.booking.id, 'recruiter_no_show'],
        [one.booking.id, attended],
      ],
    );
    assert.deepEqual(
      refused.map(({ index, error }) => [index, error.type]),
      [
        [1, 'TooEarly'],
        [2, 'BookingNotFound'],
        [4, 'InvalidTransition'],
        [5, 'Validation'],
      ],
    );
    for (const { booking } of [one, other]) {
      const stored = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
      assert.equal(stored.state, 'completed');
    }
    const untouched = await expectOk(sdk.transaction((uow) => uow.bookings.get(future.booking.id)));
    assert.deepEqual(untouched, future.booking);
  });

  test('of many at once: is written down, told, and ends requests to reschedule', async (sdk) => {
    const [one, other] = [await started(sdk, 'booked'), await started(sdk, 'confirmed')];
    const asked = await expectOk(
      sdk.transaction((uow) =>
        uow.reschedules.add({
          bookingId: one.booking.id,
          candidateId: one.candidate.id,
          awaiting: 'recruiter',
          slotId: undefined,
          from: undefined,
          until: undefined,
          comment: undefined,
          requestedBy: { kind: 'candidate', id: one.candidate.id },
          createdAt: one.booking.createdAt,
        }),
      ),
    );
    const told: (readonly [string, number])[] = [];
    const stop = sdk.events.onAny(({ type, data }) => {
      if ('bookingId' in data && data.bookingId !== undefined) told.push([type, data.bookingId]);
    });
    const outcomes = [
      { bookingId: other.booking.id, outcome: 'candidate_no_show' as const, reason: 'nobody came' },
      { bookingId: one.booking.id, outcome: attended },
      { bookingId: one.booking.id, outcome: attended },
    ];
    const { bookings, refused } = await expectOk(sdk.booking.recordOutcomes({ actor: admin, outcomes }));
    stop();
    assert.deepEqual(refused, []);
    assert.deepEqual(
      bookings.map(({ id, state, version }) => [id, state, version]),
      [other, one, one].map(({ booking }) => [booking.id, 'completed', 2]),
    );
    assert.deepEqual(told, [
      ['booking.no_show', other.booking.id],
      ['booking.completed', one.booking.id],
    ]);
    const recorded = [
      [other.slot, 'candidate_no_show'],
      [one.slot, attended],
    ] as const;
    for (const [slot, outcome] of recorded) {
      const { items } = await expectOk(
        sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
      );
      assert.deepEqual(
        items.map(({ action, data }) => [action, data]),
        [['complete', { outcome }]],
      );
    }
    const ended = await expectOk(sdk.transaction((uow) => uow.reschedules.get(asked.id)));
    assert.deepEqual([ended.state, ended.decidedBy], ['superseded', admin]);
    for (const { slot } of [one, other])
      assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'completed');
  });

  test('of many at once: what is no outcome at all is refused like any other', async (sdk) => {
    const { booking } = await started(sdk, 'booked');
    const items = [null, 'attended', [], {}, { bookingId: booking.id, outcome: 'late' }] as never[];
    const { bookings, refused } = await expectOk(
      sdk.booking.recordOutcomes({
        actor: admin,
        outcomes: [...items, { bookingId: booking.id, outcome: attended }],
      }),
    );
    assert.deepEqual(
      bookings.map(({ id }) => id),
      [booking.id],
    );
    assert.deepEqual(
      refused.map(({ index, error }) => [index, error.type]),
      items.map((_, index) => [index, 'Validation']),
    );
  });

  test('of many at once: is repeated by its key', async (sdk) => {
    const { booking } = await started(sdk, 'booked');
    const command = {
      actor: admin,
      outcomes: [
        { bookingId: booking.id, outcome: attended },
        { bookingId: UNKNOWN_ID, outcome: attended },
      ],
    };
    const key = { idempotencyKey: `outcomes of ${booking.id}` };
    const first = await expectOk(sdk.booking.recordOutcomes(command, key));
    assert.deepEqual(await expectOk(sdk.booking.recordOutcomes(command, key)), first);
  });

  test('of none and of too many is refused', async (sdk) => {
    for (const length of [0, 1_001]) {
      const outcomes = Array.from({ length }, () => ({ bookingId: 1, outcome: attended }));
      await refuses(sdk, {}, () => sdk.booking.recordOutcomes({ outcomes, actor: admin }), 'Validation', {
        field: 'outcomes',
      });
    }
  });
});
