import assert from 'node:assert/strict';
import type { ResultAsync } from 'neverthrow';
import type { PolicyOverrides } from '../../../domain/booking/booking-policy.ts';
import { bookingStates, type BookingState } from '../../../domain/booking/booking-state.ts';
import type { RescheduleRequest } from '../../../domain/reschedule/reschedule-request.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const admin: Actor = { kind: 'admin', id: 1 };
const movable: readonly BookingState[] = ['requested', 'booked', 'confirmed'];

/** A booked booking, two free slots of its recruiter and one of a colleague's. */
async function scene(sdk: Slotwise, state: BookingState = 'booked', policy: PolicyOverrides = {}) {
  const board = await expectOk(seedBoard(sdk));
  const { city, recruiter, candidate } = board;
  const free = await expectOk(seedSlot(sdk, { recruiter, city, policy }));
  const [to, other] = [
    await expectOk(seedSlot(sdk, { recruiter, city })),
    await expectOk(seedSlot(sdk, { recruiter, city })),
  ];
  const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
  const theirs = await expectOk(seedSlot(sdk, { recruiter: colleague, city }));
  const { slot: from, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
  const actors = {
    candidate: { kind: 'candidate', id: candidate.id },
    recruiter: { kind: 'recruiter', id: recruiter.id },
    colleague: { kind: 'recruiter', id: colleague.id },
  } as const satisfies Record<string, Actor>;
  const ask = (wish: object = { slotId: to.id }, actor: Actor = actors.candidate) =>
    sdk.booking.requestReschedule({ bookingId: booking.id, actor, ...wish });
  return {
    ...actors,
    board,
    booking,
    from,
    to,
    other,
    theirs,
    ask,
    witnesses: { slots: [from, to, other, theirs], candidates: [candidate] },
  };
}

const requestOf = (sdk: Slotwise, id: number): Promise<RescheduleRequest> =>
  expectOk(sdk.transaction((uow) => uow.reschedules.get(id)));

const statesOf = async (sdk: Slotwise, ...ids: readonly number[]) => {
  const found = await expectOk(sdk.read.slots.getMany(ids));
  return ids.map((id) => [...found.values()].find((slot) => slot.id === id)?.status);
};

/** Where a recruiter has agreed to a time, the other side is asked. */
export const rescheduleRequestContract: ContractSuite = contractSuite('a request to reschedule', (test) => {
  test('waits for the other side, and keeps nothing free', async (sdk) => {
    const { booking, to, from, ask, candidate } = await scene(sdk);
    const request = await expectOk(ask({ slotId: to.id, comment: 'a dentist' }));
    assert.deepEqual(
      [
        request.state,
        request.awaiting,
        request.slotId,
        request.comment,
        request.requestedBy,
        request.version,
      ],
      ['pending', 'recruiter', to.id, 'a dentist', candidate, 1],
    );
    assert.deepEqual(await requestOf(sdk, request.id), request);
    assert.deepEqual(await statesOf(sdk, from.id, to.id), ['booked', 'free']);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), booking);
  });

  test('that is approved moves the booking, which is booked because both have agreed', async (sdk) => {
    for (const state of ['requested', 'booked', 'confirmed'] as const) {
      const { booking, to, from, ask, recruiter, candidate } = await scene(sdk, state);
      const { id: requestId } = await expectOk(ask());
      const told: string[] = [];
      const stop = sdk.events.onAny(({ type, aggregate }) => {
        if (aggregate === `slot:${from.id}`) told.push(type);
      });
      await expectErr(sdk.booking.approveReschedule({ requestId, actor: candidate }), 'Forbidden');
      const moved = await expectOk(sdk.booking.approveReschedule({ requestId, actor: recruiter }));
      stop();
      assert.deepEqual(
        [moved.state, moved.slotId, moved.movedFromId, moved.rescheduleCount],
        ['booked', to.id, booking.id, 1],
      );
      assert.deepEqual(await statesOf(sdk, from.id, to.id), ['free', 'booked']);
      assert.deepEqual(told, ['reschedule.approved', 'booking.moved', 'slot.freed']);
      const request = await requestOf(sdk, requestId);
      assert.deepEqual([request.state, request.decidedBy, request.version], ['approved', recruiter, 2]);
      await expectErr(sdk.booking.approveReschedule({ requestId, actor: recruiter }), 'RescheduleDecided', {
        requestId,
        state: 'approved',
      });
    }
  });

  test('for any slot in a window is approved with one in it', async (sdk) => {
    const { to, other, theirs, ask, recruiter, colleague, witnesses } = await scene(sdk);
    const window = { from: to.startsAt, until: other.startsAt };
    const { id: requestId } = await expectOk(ask(window));
    const approve = (slotId: number | undefined, actor: Actor = recruiter) =>
      sdk.booking.approveReschedule({ requestId, actor, ...(slotId === undefined ? {} : { slotId }) });
    await refuses(sdk, witnesses, () => approve(undefined), 'Validation', { field: 'slotId' });
    await refuses(sdk, witnesses, () => approve(other.id), 'Validation', { field: 'slotId' });
    // A stranger cannot draw somebody's candidate to a slot of theirs.
    await refuses(sdk, witnesses, () => approve(theirs.id, colleague), 'Forbidden');
    assert.equal((await expectOk(approve(to.id))).slotId, to.id);
  });

  test('is answered with an alternative, about which the candidate decides', async (sdk) => {
    const { other, from, ask, recruiter, candidate, colleague, witnesses } = await scene(sdk);
    const { id: requestId } = await expectOk(ask());
    const propose = (actor: Actor) => sdk.booking.proposeAlternative({ requestId, slotId: other.id, actor });
    await refuses(sdk, witnesses, () => propose(colleague), 'Forbidden');
    const proposed = await expectOk(propose(recruiter));
    assert.deepEqual(
      [proposed.awaiting, proposed.slotId, proposed.state, proposed.version],
      ['candidate', other.id, 'pending', 2],
    );
    await refuses(
      sdk,
      witnesses,
      () => sdk.booking.approveReschedule({ requestId, actor: recruiter }),
      'Forbidden',
    );
    const moved = await expectOk(sdk.booking.approveReschedule({ requestId, actor: candidate }));
    assert.deepEqual([moved.state, moved.slotId], ['booked', other.id]);
    assert.deepEqual(await statesOf(sdk, from.id, other.id), ['free', 'booked']);
    const { items } = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'reschedule_request', id: requestId })),
    );
    assert.deepEqual(
      items.map(({ action, from: before, to: after, actor, data }) => [action, before, after, actor, data]),
      [
        [
          'request',
          undefined,
          'pending',
          candidate,
          { awaiting: 'recruiter', slotId: witnesses.slots[1]?.id },
        ],
        ['propose', 'pending', 'pending', recruiter, { awaiting: 'candidate', slotId: other.id }],
        ['approve', 'pending', 'approved', candidate, { awaiting: 'candidate', slotId: other.id }],
      ],
    );
  });

  test('can go back and forth', async (sdk) => {
    const { to, other, ask, recruiter, candidate } = await scene(sdk);
    const { id: requestId } = await expectOk(ask());
    const propose = (slotId: number, actor: Actor) =>
      expectOk(sdk.booking.proposeAlternative({ requestId, slotId, actor }));
    assert.equal((await propose(other.id, recruiter)).awaiting, 'candidate');
    assert.equal((await propose(to.id, candidate)).awaiting, 'recruiter');
    await expectOk(sdk.booking.approveReschedule({ requestId, actor: recruiter }));
  });

  test('is only approved with what was asked for', async (sdk) => {
    const { other, ask, recruiter, witnesses } = await scene(sdk);
    const { id: requestId } = await expectOk(ask());
    const approve = () => sdk.booking.approveReschedule({ requestId, slotId: other.id, actor: recruiter });
    await refuses(sdk, witnesses, approve, 'Validation', { field: 'slotId' });
  });

  test('that is declined leaves the booking as it is', async (sdk) => {
    const { booking, from, to, ask, recruiter, colleague, witnesses } = await scene(sdk);
    const { id: requestId } = await expectOk(ask());
    const decline = (actor: Actor, reason?: string) =>
      sdk.booking.declineReschedule({ requestId, actor, ...(reason === undefined ? {} : { reason }) });
    await refuses(sdk, witnesses, () => decline(recruiter), 'Validation', { field: 'reason' });
    await refuses(sdk, witnesses, () => decline(colleague, 'no'), 'Forbidden');
    const declined = await expectOk(decline(recruiter, 'no time'));
    assert.deepEqual(
      [declined.state, declined.decidedBy, declined.decisionReason],
      ['declined', recruiter, 'no time'],
    );
    assert.deepEqual(await statesOf(sdk, from.id, to.id), ['booked', 'free']);
    assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), booking);
    for (const attempt of [
      () => decline(recruiter, 'no'),
      () => sdk.booking.approveReschedule({ requestId, actor: recruiter }).map(() => declined),
      () => sdk.booking.proposeAlternative({ requestId, slotId: to.id, actor: recruiter }),
    ])
      await refuses(
        sdk,
        witnesses,
        async () => attempt().mapErr((error) => error as { type: 'RescheduleDecided' }),
        'RescheduleDecided',
      );
    // And the candidate may ask again.
    assert.notEqual((await expectOk(ask())).id, requestId);
  });

  test('is taken back by the one who asked, who owes no reason', async (sdk) => {
    const { ask, candidate } = await scene(sdk);
    const { id: requestId } = await expectOk(ask());
    const declined = await expectOk(sdk.booking.declineReschedule({ requestId, actor: candidate }));
    assert.deepEqual([declined.state, declined.decidedBy], ['declined', candidate]);
  });

  test('comes from a recruiter too, and then the candidate decides', async (sdk) => {
    const { ask, to, theirs, recruiter, candidate, witnesses } = await scene(sdk);
    await refuses(sdk, witnesses, () => ask({ slotId: theirs.id }, recruiter), 'Forbidden');
    const request = await expectOk(ask({}, recruiter));
    assert.equal(request.awaiting, 'candidate');
    // Nobody has said that a colleague's slot may be chosen.
    const choose = (slotId: number) =>
      sdk.booking.approveReschedule({ requestId: request.id, slotId, actor: candidate });
    await refuses(sdk, witnesses, () => choose(theirs.id), 'Forbidden');
    assert.equal((await expectOk(choose(to.id))).state, 'booked');
  });

  test('for a colleague’s slot is the colleague’s to approve', async (sdk) => {
    const { ask, theirs, recruiter, colleague, witnesses } = await scene(sdk);
    const { id: requestId } = await expectOk(ask({ slotId: theirs.id }));
    const approve = (actor: Actor) => sdk.booking.approveReschedule({ requestId, actor });
    await refuses(sdk, witnesses, () => approve(recruiter), 'Forbidden');
    assert.equal((await expectOk(approve(colleague))).slotId, theirs.id);
  });

  test('is one at a time: the same again is the same one, another one is refused', async (sdk) => {
    const { booking, ask, to, other, recruiter, witnesses } = await scene(sdk);
    const request = await expectOk(ask());
    assert.deepEqual(await expectOk(ask()), request);
    await refuses(sdk, witnesses, () => ask({ slotId: other.id }), 'ReschedulePending', {
      bookingId: booking.id,
    });
    await refuses(sdk, witnesses, () => ask({ slotId: to.id }, recruiter), 'ReschedulePending');
    const outcomes = await Promise.all([ask(), ask(), ask({ slotId: other.id })]);
    assert.equal(outcomes.filter((outcome) => outcome.isOk()).length, 2);
  });

  test('is the same one again under the same key, as it was answered then', async (sdk) => {
    const { booking, to, other, candidate, recruiter } = await scene(sdk);
    const wish = { bookingId: booking.id, slotId: to.id, comment: 'a dentist', actor: candidate };
    const key = { idempotencyKey: `request for ${booking.id}` };
    const request = await expectOk(sdk.booking.requestReschedule(wish, key));
    await expectOk(
      sdk.booking.proposeAlternative({ requestId: request.id, slotId: other.id, actor: recruiter }),
    );
    assert.deepEqual(await expectOk(sdk.booking.requestReschedule(wish, key)), request);
    await expectErr(
      sdk.booking.requestReschedule({ ...wish, comment: 'another one' }, key),
      'IdempotencyMismatch',
    );
  });

  test('is superseded when its booking ends, whatever ends it', async (sdk) => {
    const endings = {
      cancel: ({ booking }) => sdk.booking.cancel({ bookingId: booking.id, actor: admin, reason: 'x' }),
      withdraw: ({ from }) => sdk.slots.withdraw({ slotId: from.id, actor: admin, reason: 'x' }),
      withdrawMany: ({ from }) => sdk.slots.withdrawMany({ slotIds: [from.id], actor: admin, reason: 'x' }),
      reschedule: ({ booking, other }) =>
        sdk.booking.reschedule({ bookingId: booking.id, slotId: other.id, actor: admin }),
    } as const satisfies Record<
      string,
      (board: Awaited<ReturnType<typeof scene>>) => ResultAsync<unknown, { readonly type: string }>
    >;
    for (const end of Object.values(endings)) {
      const board = await scene(sdk);
      const { id: requestId } = await expectOk(board.ask());
      await expectOk<unknown>(end(board));
      const superseded = await requestOf(sdk, requestId);
      assert.equal(superseded.state, 'superseded');
      assert.ok(superseded.decidedAt !== undefined && superseded.decidedBy !== undefined);
      await expectErr(
        sdk.booking.approveReschedule({ requestId, actor: board.recruiter }),
        'RescheduleDecided',
        { state: 'superseded' },
      );
    }
  });

  for (const state of bookingStates.filter((one) => !movable.includes(one)))
    test(`cannot be made for a ${state} booking`, async (sdk) => {
      const { ask, witnesses } = await scene(sdk, state);
      await refuses(sdk, witnesses, () => ask(), 'InvalidTransition', { from: state, to: 'moved' });
      await refuses(sdk, witnesses, () => ask({}), 'InvalidTransition', { from: state });
    });

  test('is made for a slot that could be had, and that is looked at again when it is approved', async (sdk) => {
    const { board, booking, ask, to, theirs, recruiter, witnesses } = await scene(sdk);
    await refuses(sdk, witnesses, () => ask({ slotId: booking.slotId }), 'Validation', { field: 'slotId' });
    const { id: requestId } = await expectOk(ask());
    const rival = await expectOk(seedCandidate(sdk));
    const taken = await expectOk(seedBooking(sdk, { slot: to, candidate: rival }));
    const approve = () => sdk.booking.approveReschedule({ requestId, actor: recruiter });
    const now = { ...witnesses, slots: [...witnesses.slots.filter(({ id }) => id !== to.id), taken.slot] };
    const error = await refuses(sdk, now, approve, 'SlotTaken', { slotId: to.id });
    assert.ok(error.alternatives.length > 0);
    assert.equal((await requestOf(sdk, requestId)).state, 'pending');
    await refuses(
      sdk,
      now,
      () => sdk.booking.proposeAlternative({ requestId, slotId: to.id, actor: recruiter }),
      'SlotTaken',
    );
    await expectOk(sdk.booking.declineReschedule({ requestId, actor: admin, reason: 'gone' }));
    await refuses(sdk, now, () => ask(), 'SlotTaken');
    await expectOk(sdk.booking.hold({ slotId: theirs.id, candidateId: board.candidate.id }));
  });

  test('asks although the freeze window has begun, but not past the limit', async (sdk) => {
    const frozen = await scene(sdk, 'booked', { freezeMinutes: 60 * 24 * 30 });
    await expectOk(frozen.ask());
    const { ask, booking, witnesses } = await scene(sdk, 'booked', { rescheduleLimit: 0 });
    for (const wish of [{}, undefined])
      await refuses(sdk, witnesses, () => ask(wish), 'RescheduleLimit', { bookingId: booking.id, limit: 0 });
  });

  test('is for those whose booking it is', async (sdk) => {
    const { ask, colleague, witnesses } = await scene(sdk);
    const stranger = { kind: 'candidate', id: (await expectOk(seedCandidate(sdk))).id } as const;
    for (const actor of [stranger, colleague])
      await refuses(sdk, witnesses, () => ask(undefined, actor), 'Forbidden', {
        command: 'requestReschedule',
        actor,
      });
  });

  test('keeps any text as the comment', async (sdk) => {
    const { ask, candidate } = await scene(sdk);
    for (const comment of hostileTexts) {
      const { id } = await expectOk(ask({ comment }));
      assert.equal((await requestOf(sdk, id)).comment, comment);
      await expectOk(sdk.booking.declineReschedule({ requestId: id, actor: candidate }));
    }
  });

  test('refuses input that is wrong', async (sdk) => {
    const { ask, to, recruiter, witnesses } = await scene(sdk);
    const { startsAt } = to;
    await refuses(sdk, witnesses, () => ask({ slotId: UNKNOWN_ID }), 'SlotNotFound');
    await refuses(sdk, witnesses, () => ask({ bookingId: UNKNOWN_ID }), 'BookingNotFound');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, () => ask({ slotId: id }), 'Validation', { field: 'slotId' });
      await refuses(sdk, witnesses, () => ask({ bookingId: id }), 'Validation', { field: 'bookingId' });
    }
    for (const comment of refusedTexts(textLimits.comment))
      await refuses(sdk, witnesses, () => ask({ comment }), 'Validation', { field: 'comment' });
    await refuses(sdk, witnesses, () => ask({ from: 'tomorrow' }), 'Validation', { field: 'from' });
    await refuses(sdk, witnesses, () => ask({ from: startsAt, until: startsAt }), 'Validation', {
      field: 'until',
    });
    await refuses(sdk, witnesses, () => ask({ slotId: to.id, until: startsAt.plus(MINUTE) }), 'Validation', {
      field: 'until',
    });
    const unknown = { requestId: UNKNOWN_ID, actor: recruiter };
    await refuses(sdk, witnesses, () => sdk.booking.approveReschedule(unknown), 'RescheduleNotFound');
    await refuses(
      sdk,
      witnesses,
      () => sdk.booking.declineReschedule({ ...unknown, reason: 'x' }),
      'RescheduleNotFound',
    );
    await refuses(
      sdk,
      witnesses,
      () => sdk.booking.proposeAlternative({ ...unknown, slotId: to.id }),
      'RescheduleNotFound',
    );
    for (const requestId of refusedIds)
      await refuses(
        sdk,
        witnesses,
        () => sdk.booking.approveReschedule({ requestId, actor: recruiter }),
        'Validation',
        { field: 'requestId' },
      );
  });
});
