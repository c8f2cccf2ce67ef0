/**
 * What it costs a statement that slow ones are looked for: reads of one row without any cache, in turns in one process.
 * Prints ratios, their spread and the target; whether it is met does not change how the run ends.
 */
import { parseArgs } from 'node:util';
import { orThrow } from '../examples/support/or-throw.ts';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../src/index.ts';
import { openRecruiters } from './board.ts';
import { rateOfReads } from './drivers/loops.ts';
import type { Contender } from './measure.ts';
import { priceOf } from './price-of.ts';

const RECRUITERS = 100;
const CALLERS = 10;

/** Share of the processor time of a statement that looking for slow ones may take. */
const TARGET = 0.03;

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

await main();
// Node does not end by itself when a socket was reset that had begun to end, which is what broken networks do.
process.exit();

async function main(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  const { place, recruiters } = await openRecruiters(RECRUITERS, cleanUp);
  const open = async (queries: SlotwiseOptions['queries'] & object): Promise<Slotwise> => {
    const database = { url: place.databaseUrl, schema: place.schema };
    return cleanUp.use(orThrow(await createSlotwise({ database, cache: false, queries })));
  };
  const contender = async (queries: SlotwiseOptions['queries'] & object): Promise<Contender> =>
    reading('slow statements are kept', await open(queries), recruiters);
  await priceOf({
    unit: 'statements per second of processor time when nobody looks',
    on: await contender({}),
    off: await contender({ maxSlow: 0 }),
    alsoOff: await contender({ maxSlow: 0 }),
    target: TARGET,
    quick: flags.quick,
  });
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
