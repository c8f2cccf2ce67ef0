import { sandbox } from '../../examples/support/sandbox.ts';
import {
  createSlotwise,
  systemClock,
  type Result,
  type Slot,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { orThrow } from '../../examples/support/or-throw.ts';
import type { Contender } from './contender.ts';

/** An SDK with slots to read. */
export interface Subject {
  readonly sdk: Slotwise;
  /** PostgreSQL schema and Redis prefix of this subject alone. */
  readonly name: string;
  readonly slots: readonly Slot[];
}

const HOUR = 3_600_000;

/** Opens an SDK in a sandbox of its own and publishes slots in it. */
export async function openSubject(
  label: string,
  options: SlotwiseOptions,
  slotCount: number,
  cleanUp: AsyncDisposableStack,
): Promise<Subject> {
  const box = sandbox(`bench_${label}`, options);
  const sdk = orThrow(await createSlotwise(box.options));
  cleanUp.defer(async () => {
    const closed = await sdk.close();
    const troubles = await box.cleanUp();
    for (const trouble of closed.isErr() ? ['the SDK did not close in time', ...troubles] : troubles)
      console.error(trouble);
  });
  orThrow(await sdk.migrate());
  return { sdk, name: box.name, slots: await publish(sdk, slotCount) };
}

async function publish(sdk: Slotwise, slotCount: number): Promise<readonly Slot[]> {
  const timeZone = 'Europe/Berlin';
  const city = orThrow(await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone })));
  const ann = { name: 'Ann', timeZone, cityIds: [city.id] };
  const recruiter = orThrow(await sdk.transaction((uow) => uow.recruiters.add(ann)));
  const tomorrow = systemClock.now().plus(24 * HOUR);
  const slots: Slot[] = [];
  for (let index = 0; index < slotCount; index += 1) {
    const startsAt = tomorrow.plus(index * HOUR);
    const offer = { recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt: startsAt.plus(HOUR / 2) };
    slots.push(orThrow(await sdk.slots.publish(offer)));
  }
  return slots;
}

/** Reads through the SDK, wherever its answers come from. */
export function slotwiseContender(name: string, { sdk }: Subject): Contender {
  const { slots } = sdk.read;
  return {
    name,
    read: (id) => slots.get(id),
    idOf: (answer) => orThrow(answer as Result<Slot, { type: string }>).id,
    note: () => {
      const { state, l1Hits, l2Hits, misses, bypassed, loads } = sdk.cache.stats();
      const reads = (l1Hits + l2Hits + misses + bypassed).toLocaleString('en-US');
      return state === 'off' ? 'every read is a query' : `${loads} of ${reads} reads were queries`;
    },
  };
}
