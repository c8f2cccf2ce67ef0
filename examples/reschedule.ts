/** A booking moves: at once where nobody has to be asked, otherwise by a request that the other side answers. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { recruiter, slots } = await seedBerlin(sdk);
const [ten, eleven, two] = slots;
assert.ok(ten && eleven && two);

const ben = orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName: 'Ben' })));
const candidate = { kind: 'candidate', id: ben.id } as const;
const ann = { kind: 'recruiter', id: recruiter.id } as const;

sdk.events.onAny(({ type, data }) => console.log(`   ${type}: slot ${data.slotId}`));

console.log('Ben asks for ten, and for eleven instead before anybody has looked');
const asked = orThrow(await sdk.booking.reserve({ slotId: ten.id, candidateId: ben.id }));
const moved = orThrow(
  await sdk.booking.reschedule({ bookingId: asked.id, slotId: eleven.id, actor: candidate }),
);
assert.equal(moved.state, 'requested');

console.log('Ann approves: from now on Ben cannot move it alone');
const booked = orThrow(await sdk.booking.approve({ bookingId: moved.id, actor: ann }));
const alone = await sdk.booking.reschedule({ bookingId: booked.id, slotId: ten.id, actor: candidate });
assert.equal(alone.isErr() && alone.error.type, 'ApprovalRequired');

console.log('so he asks, and she proposes two o’clock, to which he agrees');
const request = orThrow(
  await sdk.booking.requestReschedule({
    bookingId: booked.id,
    slotId: ten.id,
    comment: 'my train is late',
    actor: candidate,
  }),
);
const inbox = orThrow(
  await sdk.transaction((uow) =>
    uow.reschedules.listPending({ awaiting: 'recruiter', recruiterId: recruiter.id }),
  ),
);
assert.deepEqual(
  inbox.items.map(({ id }) => id),
  [request.id],
);
orThrow(await sdk.booking.proposeAlternative({ requestId: request.id, slotId: two.id, actor: ann }));
const agreed = orThrow(await sdk.booking.approveReschedule({ requestId: request.id, actor: candidate }));
assert.deepEqual([agreed.state, agreed.slotId, agreed.rescheduleCount], ['booked', two.id, 2]);

console.log('what became of it all');
const { items } = orThrow(await sdk.transaction((uow) => uow.bookings.listForCandidate(ben.id)));
for (const { id, slotId, state, movedToId } of items)
  console.log(
    `   booking ${id} of slot ${slotId}: ${state}${movedToId === undefined ? '' : ` to ${movedToId}`}`,
  );
assert.deepEqual(
  items.map(({ state }) => state),
  ['moved', 'moved', 'booked'],
);
const free = orThrow(await sdk.read.slots.getFreeForRecruiter(recruiter.id));
assert.deepEqual(
  free.map(({ id }) => id),
  [ten.id, eleven.id],
);
orThrow(await sdk.close());
