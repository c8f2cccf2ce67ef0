/**
 * What it costs a statement that slow ones are looked for: reads of one row without any cache, in turns in one process. Prints ratios, their spread and the target; whether it is met does not
 * change how the run ends.
 */
import { parseArgs } from 'node:util';
import { orThrow } from '../examples/support/or-throw.ts';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../src/index.ts';
import { openBoard } from './board.ts';
import { rateOfReads } from './drivers/loops.ts';
import { measure, ratioOf, spreadOf, type Contender } from './measure.ts';
import { describeRun, findServices } from './services.ts';

const RECRUITERS = 100;
const CALLERS = 10;

/** Share of the processor time of a statement that looking for slow ones may take. */
const TARGET = 0.03;

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
  const open = async (queries: SlotwiseOptions['queries'] & object): Promise<Slotwise> => {
    const database = { url: place.databaseUrl, schema: place.schema };
    return cleanUp.use(orThrow(await createSlotwise({ database, cache: false, queries })));
  };
  const off = reading('off', await open({ maxSlow: 0 }), recruiters);
  // Two that do not look show how far apart the same thing can be.
  const alsoOff = reading('off again', await open({ maxSlow: 0 }), recruiters);
  const slow = reading('slow ones are kept', await open({}), recruiters);
  const plan = flags.quick ? { rounds: 9, sliceMs: 100 } : { rounds: 31, sliceMs: 200 };
  const rates = await measure([off, alsoOff, slow], plan);
  const ratesOf = (contender: Contender): readonly number[] => rates.get(contender) ?? [];
  const ratios = [slow, alsoOff].map((contender) => ({
    contender,
    ratio: ratioOf(ratesOf(contender), ratesOf(off)),
  }));
  console.log(
    `\n${spreadOf(ratesOf(off)).median.toFixed(0)} statements per second of processor time when nobody looks`,
  );
  for (const { contender, ratio } of ratios)
    console.log(
      `  ${contender.name.padEnd(20)} ${ratio.median.toFixed(3)} [${ratio.lowest.toFixed(3)} – ${ratio.highest.toFixed(3)}] of that`,
    );
  const [cost = 0, noise = 0] = ratios.map(({ ratio }) => 1 - ratio.median);
  // No difference can be told that is smaller than the one between two that are the same.
  const verdict = cost <= TARGET ? 'met' : cost <= Math.abs(noise) ? 'within the spread' : 'missed';
  console.log(`  target: at most ${TARGET * 100} % less (${verdict})`);
}

/** By the second of this process's processor time: what else the machine does is not a part of the question. */
function reading(name: string, { read: { recruiters } }: Slotwise, ids: readonly number[]): Contender {
  return {
    name,
    run: async (sliceMs) => {
      const before = process.cpuUsage();
      const startedAt = performance.now();
      const rate = await rateOfReads((id) => recruiters.get(id), { ids, sliceMs, callers: CALLERS });
      const tookMs = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(before);
      return (rate * tookMs * 1000) / (user + system);
    },
  };
}
