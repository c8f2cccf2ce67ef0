import assert from 'node:assert/strict';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite, type Test } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const commands = ['hold', 'reserve'] as const;

/** What keeps a candidate from a slot; the same for both commands, and nothing is written. */
export const takeSlotRefusalsContract: ContractSuite = contractSuite(
  'holding or reserving a slot is refused',
  (test) => {
    for (const command of commands) refusalsOf(command, test);
  },
);

function refusalsOf(command: (typeof commands)[number], test: Test): void {
  const take = (sdk: Slotwise) => sdk.booking[command];

  test(`${command}: to somebody else than who has it`, async (sdk) => {
    for (const state of ['held', 'requested', 'booked', 'confirmed'] as const) {
      const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
      const [holder, other] = candidates;
      assert.ok(holder && other);
      await expectOk(seedBooking(sdk, { slot, candidate: holder, state }));
      const error = await refuses(
        sdk,
        { slots: [slot], candidates },
        () => take(sdk)({ slotId: slot.id, candidateId: other.id }),
        'SlotTaken',
        { slotId: slot.id },
      );
      assert.deepEqual(error.alternatives, []);
    }
  });

  test(`${command}: of a slot that is canceled or completed`, async (sdk) => {
    const { slots, candidate, candidates } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const [canceled, completed] = slots;
    assert.ok(canceled && completed);
    await expectOk(sdk.slots.withdraw({ slotId: canceled.id, actor: { kind: 'system' } }));
    await expectOk(seedBooking(sdk, { slot: completed, candidate, state: 'completed' }));
    const expected = [
      [canceled, 'canceled'],
      [completed, 'completed'],
    ] as const;
    for (const [slot, from] of expected)
      await refuses(
        sdk,
        { slots, candidates },
        () => take(sdk)({ slotId: slot.id, candidateId: candidate.id }),
        'InvalidTransition',
        { from, to: 'pending' },
      );
  });

  test(`${command}: for what is not there, is no id, or is no longer in use`, async (sdk) => {
    const { slot, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const witnesses = { slots: [slot], candidates: [candidate] };
    const [slotId, candidateId] = [slot.id, candidate.id];
    const attempt = (change: { slotId?: number; candidateId?: number }) => () =>
      take(sdk)({ slotId, candidateId, ...change });
    await refuses(sdk, witnesses, attempt({ slotId: UNKNOWN_ID }), 'SlotNotFound');
    await refuses(sdk, witnesses, attempt({ candidateId: UNKNOWN_ID }), 'CandidateNotFound');
    for (const id of refusedIds) {
      await refuses(sdk, witnesses, attempt({ slotId: id }), 'Validation', { field: 'slotId' });
      await refuses(sdk, witnesses, attempt({ candidateId: id }), 'Validation');
    }
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())));
    await refuses(sdk, witnesses, attempt({}), 'RecruiterInactive', { id: recruiter.id });
    await expectOk(sdk.transaction((uow) => uow.candidates.update(candidate.archive())));
    await refuses(sdk, witnesses, attempt({}), 'CandidateInactive', { id: candidate.id });
  });

  test(`${command}: of a slot that has started`, async (sdk) => {
    const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((at) => at.plus(-MINUTE))));
    const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
    await refuses(
      sdk,
      { slots: [slot], candidates: [candidate] },
      () => take(sdk)({ slotId: slot.id, candidateId: candidate.id }),
      'SlotInPast',
      { startsAt },
    );
  });

  test(`${command}: to a candidate who is busy, or has a meeting with the recruiter ahead`, async (sdk) => {
    const { city, recruiter, slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
    const [taken, clash] = slots;
    assert.ok(taken && clash);
    await expectOk(seedBooking(sdk, { slot: taken, candidate, state: 'booked' }));
    const duplicate = await expectOk(seedSlot(sdk, { recruiter, city }));
    const witnesses = { slots: [taken, clash, duplicate], candidates: [candidate] };
    const candidateId = candidate.id;
    await refuses(sdk, witnesses, () => take(sdk)({ slotId: clash.id, candidateId }), 'CandidateBusy', {
      candidateId,
    });
    await refuses(
      sdk,
      witnesses,
      () => take(sdk)({ slotId: duplicate.id, candidateId }),
      'DuplicateBooking',
      { candidateId, recruiterId: recruiter.id },
    );
  });

  test(`${command}: to everybody but the candidate and those above`, async (sdk) => {
    const { slot, recruiter, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [candidate, stranger] = candidates;
    assert.ok(candidate && stranger);
    const [slotId, candidateId] = [slot.id, candidate.id];
    for (const actor of [
      { kind: 'candidate', id: stranger.id },
      { kind: 'recruiter', id: recruiter.id },
    ] as const)
      await refuses(
        sdk,
        { slots: [slot], candidates },
        () => take(sdk)({ slotId, candidateId, actor }),
        'Forbidden',
        { command, actor },
      );
    await refuses(
      sdk,
      { slots: [slot], candidates },
      () => take(sdk)({ slotId, candidateId, actor: { kind: 'candidate' } }),
      'Validation',
      { field: 'actor.id' },
    );
    await expectOk(take(sdk)({ slotId, candidateId, actor: { kind: 'admin', id: 1 } }));
  });
}
