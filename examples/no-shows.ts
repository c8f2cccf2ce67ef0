/** What became of interviews: who came, who did not, and what nobody wrote down. The clock is set by hand. */
import assert from 'node:assert/strict';
import { createInMemorySlotwise, seedBoard, settableClock } from '../src/testing/index.ts';
import { orThrow } from './support/or-throw.ts';

const HOUR = 3_600_000;
const clock = settableClock('2030-01-07T09:00:00Z');
const sdk = createInMemorySlotwise({ clock, policies: { booking: { approval: 'auto' } } });
const { slots, candidates, recruiter } = orThrow(
  await seedBoard(sdk, { slotsPerRecruiter: 3, candidates: 3 }),
);
const ann = { kind: 'recruiter', id: recruiter.id } as const;

const bookings = [];
for (const [index, { id: slotId }] of slots.entries()) {
  const candidateId = candidates[index]?.id ?? 0;
  bookings.push(orThrow(await sdk.booking.reserve({ slotId, candidateId })));
}
const [first, second, third] = bookings;
assert.ok(first && second && third);

sdk.events.on('booking.no_show', ({ data }) =>
  console.log(`   no show of booking ${data.bookingId}: ${data.outcome}`),
);

const early = await sdk.booking.recordOutcome({ bookingId: first.id, outcome: 'attended', actor: ann });
assert.equal(early.isErr() && early.error.type, 'TooEarly');

console.log('the day after');
clock.advance(48 * HOUR);
const recorded = orThrow(
  await sdk.booking.recordOutcomes({
    actor: ann,
    outcomes: [
      { bookingId: first.id, outcome: 'attended' },
      { bookingId: second.id, outcome: 'candidate_no_show', reason: 'did not answer the phone' },
    ],
  }),
);
assert.deepEqual(
  recorded.bookings.map(({ outcome }) => outcome),
  ['attended', 'candidate_no_show'],
);

console.log('the sweeper completes what nobody wrote down');
const swept = orThrow(await sdk.booking.expireDue());
console.log(`   ${JSON.stringify(swept)}`);
assert.equal(swept.completed, 1);

console.log('and an outcome may still come, once');
const late = { bookingId: third.id, outcome: 'recruiter_no_show', actor: ann } as const;
const told = orThrow(await sdk.booking.recordOutcome(late));
assert.deepEqual(orThrow(await sdk.booking.recordOutcome(late)), told);
const other = await sdk.booking.recordOutcome({ ...late, outcome: 'attended' });
assert.equal(other.isErr() && other.error.type, 'InvalidTransition');
orThrow(await sdk.close());
