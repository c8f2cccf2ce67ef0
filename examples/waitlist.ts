/** A waiting list: whoever has waited longest is offered the next slot that suits them. */
import assert from 'node:assert/strict';
import { createSlotwise, describeError, type SlotEventData } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, recruiter, slots } = await seedBerlin(sdk);
const [first] = slots;
assert.ok(first);

// Whenever a slot is free, whoever waits is asked first. What fails here is tried again with the next event or sweep.
const offerNext = async ({ data }: { readonly data: SlotEventData }): Promise<void> => {
  const offer = await sdk.waitlist.offerNext({ slotId: data.slotId });
  if (offer.isErr()) console.error(describeError(offer.error));
};
sdk.events.on('slot.published', offerNext);
sdk.events.on('slot.freed', offerNext);
// This is where a bot sends its message; `bookingId` goes into the buttons.
sdk.events.on('waitlist.offered', ({ data }) => {
  console.log(`candidate ${data.candidateId} is offered slot ${data.slotId} until ${data.expiresAt}`);
});

const [ben, eva] = await Promise.all(
  ['Ben', 'Eva'].map(async (fullName) =>
    orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName }))),
  ),
);
assert.ok(ben && eva);
const waiting = orThrow(await sdk.waitlist.join({ candidateId: ben.id, cityId: city.id }));
orThrow(await sdk.waitlist.join({ candidateId: eva.id, cityId: city.id, from: first.startsAt }));

// A new slot goes to Ben, who came first and does not care when.
const startsAt = first.startsAt.plus(24 * 3_600_000);
const published = orThrow(
  await sdk.slots.publish({
    recruiterId: recruiter.id,
    cityId: city.id,
    startsAt,
    endsAt: startsAt.plus(45 * 60_000),
  }),
);
const queue = orThrow(await sdk.waitlist.list({ cityId: city.id }));
assert.deepEqual(
  queue.items.map(({ status }) => status),
  ['offered', 'waiting'],
);

// He has found a job. The slot is free again, and at once Eva's.
orThrow(
  await sdk.waitlist.leave({
    entryId: waiting.id,
    actor: { kind: 'candidate', id: ben.id },
    reason: 'found a job',
  }),
);
const taken = orThrow(await sdk.read.slots.get(published.id));
console.log(`slot ${taken.id} is ${taken.status}, kept for candidate ${taken.candidateId}`);
assert.deepEqual([taken.status, taken.candidateId], ['pending', eva.id]);
orThrow(await sdk.close());
