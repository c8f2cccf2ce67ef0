/** A unit of work of the host's own: several repositories and use cases, one transaction. */
import assert from 'node:assert/strict';
import { createSlotwise, systemClock } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());

const HOUR = 3_600_000;
const startsAt = systemClock.now().plus(24 * HOUR);

/** Opens an office: all of it, or nothing. */
async function openOffice(): Promise<{ cityId: number; invalidation: string }> {
  await using uow = sdk.unitOfWork();
  const city = orThrow(await uow.cities.add({ name: 'Riga', timeZone: 'Europe/Riga' }));
  const recruiter = orThrow(
    await uow.recruiters.add({ name: 'Inga', timeZone: 'Europe/Riga', cityIds: [city.id] }),
  );

  // A use case joins the transaction: it sees the recruiter that nobody else can see yet.
  const offer = { recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt: startsAt.plus(HOUR) };
  orThrow(await sdk.slots.publish(offer, { uow }));

  // It runs in a savepoint, so one that fails takes back its own part and nothing else.
  const overlapping = await sdk.slots.publish(offer, { uow });
  assert.equal(overlapping.isErr() && overlapping.error.type, 'SlotOverlap');

  // A savepoint of the host's own does the same for any work.
  const undone = await uow.savepoint((inner) =>
    inner.cities.add({ name: 'Liepāja', timeZone: 'Europe/Riga' }).andThen(() => inner.cities.get(99_999)),
  );
  assert.equal(undone.isErr() && undone.error.type, 'CityNotFound');

  uow.afterCommit(() => console.log('the office is open'));
  const { invalidation } = orThrow(await uow.commit());
  return { cityId: city.id, invalidation };
}

/** Leaving the block without `commit()` is a rollback, whatever the reason. */
async function changeMind(cityId: number): Promise<void> {
  await using uow = sdk.unitOfWork();
  const city = orThrow(await uow.cities.get(cityId));
  orThrow(await uow.cities.update(city.archive()));
}

const { cityId, invalidation } = await openOffice();
await changeMind(cityId);
const cities = orThrow(await sdk.read.cities.getActive());
const slots = orThrow(await sdk.read.slots.getFreeForCity(cityId));
orThrow(await sdk.close());

console.log(`active cities: ${cities.map(({ name }) => name).join()}; free slots: ${slots.length}`);
assert.equal(invalidation, 'applied');
assert.deepEqual(
  cities.map(({ name, version }) => ({ name, version })),
  [{ name: 'Riga', version: 1 }],
);
assert.equal(slots.length, 1);
