import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { orThrow } from '../../examples/support/or-throw.ts';
import { answerCalls } from '../../tests/support/child-process-calls.ts';
import { openSdk } from './open-sdk.ts';
import type { Place, SetUp } from './place.ts';

interface Job {
  readonly setUp: SetUp;
  readonly place: Place;
  readonly slotIds: readonly number[];
}

// The same as `node --expose-gc`.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of heap that a full L1 takes, in a process that does nothing else. */
async function measureL1({ setUp, place, slotIds }: Job): Promise<number> {
  await using sdk = await openSdk(setUp, place);
  // Everything that is not an entry is there before: compiled code, connections.
  orThrow(await sdk.read.slots.getMany([Number.MAX_SAFE_INTEGER]));
  const before = await heapUsed();
  orThrow(await sdk.read.slots.getMany(slotIds));
  const bytes = (await heapUsed()) - before;

  const { l1Hits } = sdk.cache.stats();
  orThrow(await sdk.read.slots.getMany(slotIds));
  const held = sdk.cache.stats().l1Hits - l1Hits;
  if (held !== slotIds.length) throw new Error(`L1 held ${held} of ${slotIds.length} slots`);
  return bytes;
}

async function heapUsed(): Promise<number> {
  for (let pass = 0; pass < 3; pass += 1) {
    await nextTurn();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

const handlers = { measureL1 };

export type MemoryDriver = typeof handlers;

answerCalls(handlers);
