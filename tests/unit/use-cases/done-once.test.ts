import { expect, it } from 'vitest';
import { createInMemorySlotwise, seedBoard, settableClock } from '../../../src/testing/index.ts';

const HOUR = 60 * 60 * 1000;

it('a key is good for a day, and then for another command', async () => {
  const clock = settableClock();
  const sdk = createInMemorySlotwise({ clock, policies: { booking: { holdMinutes: 1 } } });
  const { slots, candidate } = (await seedBoard(sdk, { slotsPerRecruiter: 40 }))._unsafeUnwrap();
  const [first, last] = [slots[0], slots.at(-1)];
  const hold = (slotId = 0) =>
    sdk.booking.hold({ slotId, candidateId: candidate.id }, { idempotencyKey: 'press' });
  const held = (await hold(first?.id))._unsafeUnwrap();
  clock.advance(24 * HOUR - 1);
  expect((await hold(first?.id))._unsafeUnwrap()).toEqual(held);
  expect((await hold(last?.id))._unsafeUnwrapErr().type).toBe('IdempotencyMismatch');
  clock.advance(1);
  expect((await hold(last?.id))._unsafeUnwrap().slotId).toBe(last?.id);
  clock.advance(25 * HOUR);
  expect((await sdk.idempotency.sweep())._unsafeUnwrap()).toEqual({ removed: 1 });
});

it('events and updates that are old enough can be swept up', async () => {
  const clock = settableClock();
  const sdk = createInMemorySlotwise({ clock });
  const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
  (await sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
  const receive = () => sdk.inbox.once({ source: 'bot', updateId: 1 }, (uow) => uow.now());
  (await receive())._unsafeUnwrap();
  clock.advance(48 * HOUR);
  expect((await sdk.inbox.sweep())._unsafeUnwrap()).toEqual({ removed: 1 });
  expect((await receive())._unsafeUnwrap().duplicate).toBe(false);
  expect((await sdk.outbox.sweep())._unsafeUnwrap()).toEqual({ removed: 0 });
  expect((await sdk.health()).events).toEqual({ backlog: 1, oldestMs: 48 * HOUR, dead: 0 });
  clock.advance(28 * 24 * HOUR);
  expect((await sdk.outbox.sweep())._unsafeUnwrap()).toEqual({ removed: 1 });
});
