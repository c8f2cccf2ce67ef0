/**
 * What metrics cost a read that is answered by memory and by Redis: the same SDK with and without them, in turns in one
 * process. Prints ratios, their spread and the targets; whether they are met does not change how the run ends.
 */
import { parseArgs } from 'node:util';
import { orThrow } from '../examples/support/or-throw.ts';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../src/index.ts';
import { openBoard } from './board.ts';
import { rateOfReads } from './drivers/loops.ts';
import { MAX_ENTRIES, type Place } from './drivers/place.ts';
import { measure, ratioOf, spreadOf, type Contender } from './measure.ts';
import { describeRun, findServices } from './services.ts';

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
  const services = await findServices(process.env);
  const { postgres, redis } = services;
  console.log(describeRun(services));
  await using cleanUp = new AsyncDisposableStack();
  const { place, recruiters } = await openBoard(
    { databaseUrl: postgres.url, redisUrl: redis.url },
    { recruiters: RECRUITERS, slots: 0 },
    cleanUp,
  );
  for (const tier of ['memory', 'redis'] as const) await compare(tier, place, recruiters);
}

async function compare(tier: Tier, place: Place, ids: readonly number[]): Promise<void> {
  await using off = await open(tier, place, { metrics: false });
  await using alsoOff = await open(tier, place, { metrics: false });
  await using on = await open(tier, place, {});
  // Two without them show how far apart the same thing can be.
  const contenders = {
    off: reading(off, tier, ids),
    alsoOff: reading(alsoOff, tier, ids),
    on: reading(on, tier, ids),
  };
  const plan = flags.quick ? { rounds: 9, sliceMs: 100 } : { rounds: 31, sliceMs: 200 };
  const rates = await measure(Object.values(contenders), plan);
  const ratesOf = (contender: Contender): readonly number[] => rates.get(contender) ?? [];
  const ratio = ratioOf(ratesOf(contenders.on), ratesOf(contenders.off));
  const noise = ratioOf(ratesOf(contenders.alsoOff), ratesOf(contenders.off));
  const cost = 1 - ratio.median;
  // No difference can be told that is smaller than the one between two that are the same.
  const within = cost <= Math.abs(1 - noise.median);
  const verdict = cost <= TARGETS[tier] ? 'met' : within ? 'within the spread' : 'missed';
  console.log(
    `\n${tier}: ${spreadOf(ratesOf(contenders.off)).median.toFixed(0)} reads per second without metrics`,
  );
  for (const [name, { median, lowest, highest }] of [
    ['with metrics ', ratio],
    ['without again', noise],
  ] as const)
    console.log(`  ${name} ${median.toFixed(3)} [${lowest.toFixed(3)} – ${highest.toFixed(3)}] of that`);
  console.log(`  target: at most ${TARGETS[tier] * 100} % less (${verdict})`);
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
