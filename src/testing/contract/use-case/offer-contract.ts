import assert from 'node:assert/strict';
import { bookingStates } from '../../../domain/booking/booking-state.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const LONG_AGO = Instant.fromEpochMilliseconds(0);
const live = ['held', 'requested', 'booked', 'confirmed'] as const;

/** A recruiter proposes a slot to a candidate. */
export const offerContract: ContractSuite = contractSuite('offering a slot', (test) => {
  test('keeps it for the candidate until they answer, in two days or at the start', async (sdk) => {
    const { slot, candidate, recruiter } = await expectOk(seedBoard(sdk));
    const actor = { kind: 'recruiter', id: recruiter.id } as const;
    const command = { slotId: slot.id, candidateId: candidate.id, actor, reason: 'you are next' };
    const offered = await expectOk(sdk.booking.offer(command));
    assert.deepEqual([offered.state, offered.candidateId, offered.version], ['offered', candidate.id, 1]);
    const inTwoDays = offered.createdAt.plus(48 * 60 * MINUTE);
    const lapses = inTwoDays.isBefore(slot.startsAt) ? inTwoDays : slot.startsAt;
    assert.deepEqual(offered.expiresAt, lapses);
    const stored = await expectOk(sdk.read.slots.get(slot.id));
    assert.deepEqual([stored.status, stored.currentBookingId], ['pending', offered.id]);
    assert.deepEqual(await expectOk(sdk.booking.offer(command)), offered);
    const { items } = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
    );
    assert.deepEqual(
      items.map(({ action, reason, bookingTo }) => [action, reason, bookingTo]),
      [['offer', 'you are next', 'offered']],
    );
  });

  test('books and confirms it at once when the candidate accepts', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const actor = { kind: 'candidate', id: candidate.id } as const;
    const command = { slotId: slot.id, candidateId: candidate.id, actor: { kind: 'system' } } as const;
    const { id: bookingId } = await expectOk(sdk.booking.offer(command));
    const accepted = await expectOk(sdk.booking.confirm({ bookingId, actor }));
    assert.deepEqual([accepted.state, accepted.expiresAt], ['confirmed', undefined]);
    assert.ok(accepted.approvedAt !== undefined && accepted.confirmedAt !== undefined);
  });

  test('blocks nobody once it has lapsed: not the slot, not the candidate', async (sdk) => {
    const { slots, candidates } = await expectOk(seedBoard(sdk, { recruiters: 2, candidates: 2 }));
    const [[first, second], [candidate, other]] = [slots, candidates];
    assert.ok(first && second && candidate && other);
    const { booking } = await expectOk(
      seedBooking(sdk, { slot: first, candidate, state: 'offered', expiresAt: LONG_AGO }),
    );
    const accept = { bookingId: booking.id, actor: { kind: 'candidate', id: candidate.id } } as const;
    const before = await expectOk(sdk.read.slots.get(first.id));
    for (const answer of ['confirm', 'reject'] as const)
      await refuses(
        sdk,
        { slots: [before], candidates },
        async () => sdk.booking[answer](accept),
        'HoldExpired',
      );
    // At the same time as the offer was for.
    await expectOk(sdk.booking.reserve({ slotId: second.id, candidateId: candidate.id }));
    await expectOk(sdk.booking.reserve({ slotId: first.id, candidateId: other.id }));
    const ended = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
    assert.equal(ended.state, 'expired');
  });

  test('can be taken back after it has lapsed', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { booking } = await expectOk(
      seedBooking(sdk, { slot, candidate, state: 'offered', expiresAt: LONG_AGO }),
    );
    const actor = { kind: 'recruiter', id: slot.recruiterId } as const;
    await expectOk(sdk.booking.release({ bookingId: booking.id, actor }));
  });

  test('is for the recruiter of the slot', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const stranger = await expectOk(seedRecruiter(sdk));
    for (const actor of [
      { kind: 'recruiter', id: stranger.id },
      { kind: 'candidate', id: candidate.id },
    ] as const)
      await refuses(
        sdk,
        { slots: [slot], candidates: [candidate] },
        () => sdk.booking.offer({ slotId: slot.id, candidateId: candidate.id, actor }),
        'Forbidden',
        { command: 'offer', actor },
      );
  });

  test('refuses a slot that somebody has, with what else is free, or that the candidate has otherwise', async (sdk) => {
    for (const state of live) {
      const { slots, candidates } = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 2, candidates: 2 }));
      const [[free, another], [candidate, other]] = [slots, candidates];
      assert.ok(free && another && candidate && other);
      const { slot } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
      const offer = (candidateId: number) =>
        sdk.booking.offer({ slotId: slot.id, candidateId, actor: { kind: 'admin' } });
      const taken = await refuses(sdk, { slots: [slot], candidates }, () => offer(other.id), 'SlotTaken');
      assert.deepEqual(taken.alternatives, [another]);
      await refuses(sdk, { slots: [slot], candidates }, () => offer(candidate.id), 'InvalidTransition', {
        command: 'offer',
        from: state,
        to: 'offered',
      });
    }
  });

  test('is possible again whatever became of an earlier booking', async (sdk) => {
    const ended = bookingStates.filter((state) => !['offered', 'completed', ...live].includes(state));
    for (const state of ended) {
      const { slot: free, candidate } = await expectOk(seedBoard(sdk));
      const { slot } = await expectOk(seedBooking(sdk, { slot: free, candidate, state }));
      const offered = await expectOk(
        sdk.booking.offer({ slotId: slot.id, candidateId: candidate.id, actor: { kind: 'admin' } }),
      );
      assert.equal(offered.state, 'offered');
    }
  });

  test('offers only what the candidate can have', async (sdk) => {
    const { city, recruiter, slot, candidate } = await expectOk(seedBoard(sdk));
    await expectOk(seedBooking(sdk, { slot, candidate, state: 'booked' }));
    const later = await expectOk(seedSlot(sdk, { recruiter, city }));
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const same = await expectOk(seedSlot(sdk, { recruiter: colleague, city, startsAt: slot.startsAt }));
    const past = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt.plus(-48 * 60 * MINUTE) }),
    );
    const offer = (slotId: number) =>
      sdk.booking.offer({ slotId, candidateId: candidate.id, actor: { kind: 'admin' } });
    const witnesses = { slots: [later, same, past], candidates: [candidate] };
    await refuses(sdk, witnesses, () => offer(later.id), 'DuplicateBooking');
    await refuses(sdk, witnesses, () => offer(same.id), 'CandidateBusy');
    await refuses(sdk, witnesses, () => offer(past.id), 'SlotInPast');
    await expectOk(sdk.transaction((uow) => uow.candidates.update(candidate.archive())));
    await refuses(sdk, witnesses, () => offer(same.id), 'CandidateInactive');
  });

  test('refuses input that is wrong', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const witnesses = { slots: [slot], candidates: [candidate] };
    const command = { slotId: slot.id, candidateId: candidate.id, actor: { kind: 'admin' } } as const;
    const offer = (change: object) => () => sdk.booking.offer({ ...command, ...change });
    await refuses(sdk, witnesses, offer({ slotId: UNKNOWN_ID }), 'SlotNotFound');
    await refuses(sdk, witnesses, offer({ candidateId: UNKNOWN_ID }), 'CandidateNotFound');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, offer({ slotId: id }), 'Validation');
      await refuses(sdk, witnesses, offer({ candidateId: id }), 'Validation');
    }
    for (const reason of refusedTexts(textLimits.reason))
      await refuses(sdk, witnesses, offer({ reason }), 'Validation', { field: 'reason' });
    await refuses(sdk, witnesses, offer({ actor: { kind: 'recruiter' } }), 'Validation', {
      field: 'actor.id',
    });
  });
});
