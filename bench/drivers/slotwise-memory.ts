import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { orThrow } from '../../examples/support/or-throw.ts';
import { answerCalls } from '../../tests/support/child-process-calls.ts';
import type { Slotwise } from '../../src/index.ts';
import { openSdk } from './open-sdk.ts';
import type { Place } from './place.ts';

interface Job {
  readonly place: Place;
  readonly slotIds: readonly number[];
}

const PART = 100;

// The same as `node --expose-gc`.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of heap that a full L1 takes, in a process that does nothing else. */
async function measureL1({ place, slotIds }: Job): Promise<number> {
  await using sdk = await openSdk('tiers', place);
  // Everything that is not an entry is there before: compiled code, connections.
  orThrow(await sdk.read.slots.getMany([Number.MAX_SAFE_INTEGER]));
  const before = await heapUsed();
  await readAll(sdk, slotIds);
  const bytes = (await heapUsed()) - before;

  const { l1Hits } = sdk.cache.stats();
  await readAll(sdk, slotIds);
  const held = sdk.cache.stats().l1Hits - l1Hits;
  if (held !== slotIds.length) throw new Error(`L1 held ${held} of ${slotIds.length} slots`);
  return bytes;
}

/** In parts that fit into the budget of one read. */
async function readAll(sdk: Slotwise, slotIds: readonly number[]): Promise<void> {
  for (let from = 0; from < slotIds.length; from += PART)
    orThrow(await sdk.read.slots.getMany(slotIds.slice(from, from + PART)));
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
