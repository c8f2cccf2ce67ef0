/** What a host's own tests look like: the SDK in memory, and a clock that the test sets. */
import assert from 'node:assert/strict';
import { createInMemorySlotwise, seedBoard, settableClock } from '../src/testing/index.ts';
import { orThrow } from './support/or-throw.ts';

const MINUTE = 60_000;

const clock = settableClock('2030-01-07T09:00:00Z');
const sdk = createInMemorySlotwise({ clock, policies: { booking: { holdMinutes: 5 } } });
const board = orThrow(await seedBoard(sdk, { candidates: 2, slotsPerRecruiter: 2 }));
const [first, second] = board.candidates;
const slotId = board.slot.id;

// A hold keeps others away …
orThrow(await sdk.booking.hold({ slotId, candidateId: first?.id ?? 0 }));
const tooEarly = await sdk.booking.reserve({ slotId, candidateId: second?.id ?? 0 });
assert.equal(tooEarly.isErr() && tooEarly.error.type, 'SlotTaken');

// … until it lapses. Nobody has to sweep it up.
clock.advance(6 * MINUTE);
const afterwards = orThrow(await sdk.booking.reserve({ slotId, candidateId: second?.id ?? 0 }));
assert.equal(afterwards.state, 'requested');

orThrow(await sdk.close());
console.log('a hold of five minutes lapsed, without waiting and without a server');
