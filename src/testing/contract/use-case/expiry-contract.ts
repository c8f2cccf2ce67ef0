import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../../../domain/shared/instant.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

/** Half a second: short enough to wait for, long enough for the statements before. */
const BRIEF_MINUTES = 0.5 / 60;
const LIMIT_MS = 10_000;

/** Waits until the SDK's own clock is past the instant. */
async function past(sdk: Slotwise, instant: Instant | undefined): Promise<void> {
  assert.ok(instant, 'a pending booking says when it lapses');
  for (let waited = 0; waited < LIMIT_MS; waited += 50) {
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    if (now.isAfter(instant)) return;
    await sleep(50);
  }
  assert.fail('the clock stands still');
}

/** Holds and requests lapse by themselves: nobody sweeps anything up in these tests. */
export const expiryContract: ContractSuite = contractSuite(
  'a hold or request that lapses',
  (test) => {
    test('is free again in lists that were read and cached before', async (sdk) => {
      const { slot, candidate, recruiter, city } = await expectOk(seedBoard(sdk));
      const { slots } = sdk.read;
      const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
      await expectOk(slots.getFreeForRecruiter(recruiter.id));
      await expectOk(slots.getFreeForCity(city.id));
      await past(sdk, held.expiresAt);
      for (const list of [slots.getFreeForRecruiter(recruiter.id), slots.getFreeForCity(city.id)]) {
        const [offered] = await expectOk(list);
        assert.deepEqual([offered?.id, offered?.status, offered?.candidateId], [slot.id, 'free', undefined]);
      }
    });

    test('is an alternative to a slot like it, without the name of whoever held it', async (sdk) => {
      const { slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
      const [wanted, alike] = slots;
      assert.ok(wanted && alike);
      const held = await expectOk(sdk.booking.hold({ slotId: alike.id, candidateId: candidate.id }));
      const alternatives = () => sdk.transaction((uow) => uow.slots.findAlternatives(wanted.id, 3));
      assert.deepEqual(await expectOk(alternatives()), []);
      await past(sdk, held.expiresAt);
      const [offered, ...others] = await expectOk(alternatives());
      assert.deepEqual([offered?.id, offered?.status, offered?.candidateId], [alike.id, 'free', undefined]);
      assert.deepEqual(others, []);
    });

    test('can be taken by the next candidate, and not be approved any more', async (sdk) => {
      const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
      const [late, quick] = candidates;
      assert.ok(late && quick);
      const request = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: late.id }));
      await past(sdk, request.expiresAt);
      const approval = { bookingId: request.id, actor: { kind: 'admin' } } as const;
      await expectErr(sdk.booking.approve(approval), 'HoldExpired', { bookingId: request.id });
      const booking = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: quick.id }));
      assert.equal((await expectOk(sdk.read.slots.get(slot.id))).currentBookingId, booking.id);
      await expectErr(sdk.booking.approve(approval), 'InvalidTransition', { from: 'expired' });
    });

    test('no longer stands in the way of another meeting at that time', async (sdk) => {
      const { slots, candidate } = await expectOk(seedBoard(sdk, { recruiters: 2 }));
      const [first, second] = slots;
      assert.ok(first && second);
      const candidateId = candidate.id;
      const held = await expectOk(sdk.booking.hold({ slotId: first.id, candidateId }));
      await past(sdk, held.expiresAt);
      const booking = await expectOk(sdk.booking.hold({ slotId: second.id, candidateId }));
      assert.notEqual(booking.id, held.id);
    });
  },
  { holdMinutes: BRIEF_MINUTES, approvalMinutes: BRIEF_MINUTES },
);
