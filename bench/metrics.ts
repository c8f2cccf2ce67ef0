/**
 * What metrics cost a read that is answered by memory and by Redis: the same SDK with and without them, in turns in one
 * process. Prints ratios, their spread and the targets; whether they are met does not change how the run ends.
 */
import { parseArgs } from 'node:util';
import { orThrow } from '../examples/support/or-throw.ts';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../src/index.ts';
import { openRecruiters } from './board.ts';
import { rateOfReads } from './drivers/loops.ts';
import { MAX_ENTRIES, type Place } from './drivers/place.ts';
import type { Contender } from './measure.ts';
import { priceOf } from './price-of.ts';

const RECRUITERS = 100;
const CALLERS = 100;

/** Share of the reads per second that metrics may take. */
const TARGETS = { memory: 0.1, redis: 0.03 } as const;

type Tier = keyof typeof TARGETS;

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

await main();
// Node does not end by itself when a socket was reset that had begun to end, which is what broken networks do.
process.exit();

async function main(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  const { place, recruiters } = await openRecruiters(RECRUITERS, cleanUp);
  for (const tier of ['memory', 'redis'] as const) await compare(tier, place, recruiters);
}

async function compare(tier: Tier, place: Place, ids: readonly number[]): Promise<void> {
  await using off = await open(tier, place, { metrics: false });
  await using alsoOff = await open(tier, place, { metrics: false });
  await using on = await open(tier, place, {});
  await priceOf({
    unit: 'reads per second without metrics',
    on: reading(on, tier, ids),
    off: reading(off, tier, ids),
    alsoOff: reading(alsoOff, tier, ids),
    target: TARGETS[tier],
    quick: flags.quick,
  });
}

async function open(tier: Tier, place: Place, metrics: Pick<SlotwiseOptions, 'metrics'>): Promise<Slotwise> {
  const { databaseUrl: url, redisUrl, schema, prefix } = place;
  const cache =
    tier === 'memory' ? { l1: { maxEntries: MAX_ENTRIES } } : { url: redisUrl, prefix, l1: false as const };
  return orThrow(await createSlotwise({ database: { url, schema }, cache, ...metrics }));
}

function reading({ read: { recruiters } }: Slotwise, tier: Tier, ids: readonly number[]): Contender {
  const callers = tier === 'memory' ? 1 : CALLERS;
  return { name: tier, run: (sliceMs) => rateOfReads((id) => recruiters.get(id), { ids, sliceMs, callers }) };
}
