/**
 * How fast reads are beside what one would use otherwise, and how many of them are stale after races that every cache
 * goes through, all in one run. Prints figures, ratios and the targets of the project; whether they are met does not
 * change how the run ends. See docs/reference/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { ChildWorker } from '../tests/support/child-process.ts';
import { openBoard } from './board.ts';
import { MAX_ENTRIES, type Place } from './drivers/place.ts';
import type { MemoryDriver } from './drivers/slotwise-memory.ts';
import type { MissDriver, MissTimes } from './drivers/slotwise-miss.ts';
import { installPeer } from './install-peer.ts';
import { libraries, plainReads, type Library } from './libraries.ts';
import { RECRUITERS_PER_LIBRARY, runRaces } from './races/run-races.ts';
import { HERD_STORY, printDatabase, printLibraries, printRaces, printTargets } from './report.ts';
import { describeRun, findServices } from './services.ts';
import { measureSpeeds } from './speeds.ts';
import { targetsFor } from './targets.ts';

const RECRUITERS = 100;

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    races: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

await main();
// Node does not end by itself when a socket was reset that had begun to end, which is what broken networks do.
process.exit();

async function main(): Promise<void> {
  const services = await findServices(process.env);
  const { postgres, redis } = services;
  const { entered, leftOut } = await enter();
  const plan = flags.quick ? { rounds: 5, sliceMs: 100 } : { rounds: 15, sliceMs: 300 };

  await using cleanUp = new AsyncDisposableStack();
  const { place, recruiters, slots } = await openBoard(
    { databaseUrl: postgres.url, redisUrl: redis.url },
    { recruiters: RECRUITERS + entered.length * RECRUITERS_PER_LIBRARY, slots: MAX_ENTRIES },
    cleanUp,
  );
  const ids = recruiters.slice(0, RECRUITERS);

  console.log(
    `Reading one of ${RECRUITERS} recruiters by its id, ${plan.rounds} rounds of ${plan.sliceMs} ms each in turns`,
  );
  console.log(describeRun(services));
  if (leftOut.length > 0) console.log(`left out: ${leftOut.join(', ')}`);

  const speeds = await measureSpeeds(entered, plainReads, { place, ids, plan });
  const misses = await measureMisses(place, ids, plan.rounds);
  const l1Bytes = await measureL1(place, slots);
  const coherence = flags.races ? await runRaces(entered, place, recruiters.slice(RECRUITERS)) : undefined;

  const names = entered.map(({ name }) => name);
  console.log('\nReads per second, median [lowest – highest]');
  if (coherence !== undefined) console.log(HERD_STORY);
  printLibraries(names, speeds, coherence);
  console.log();
  printDatabase(
    plainReads.map(({ name }) => name),
    speeds,
  );
  if (coherence !== undefined) {
    console.log('\nStale reads after an acknowledged write, out of those that were answered');
    printRaces(names, coherence);
  }
  console.log();
  printTargets(targetsFor({ speeds, misses, l1Bytes, coherence }));
}

/** The libraries that are there or could be installed, and why the others are left out. */
async function enter(): Promise<{ entered: readonly Library[]; leftOut: readonly string[] }> {
  const entered: Library[] = [];
  const leftOut: string[] = [];
  for (const library of libraries) {
    const trouble = library.peer === undefined ? undefined : await missingPeer(library.peer);
    if (trouble === undefined) entered.push(library);
    else leftOut.push(`${library.name} (${trouble})`);
  }
  return { entered, leftOut };
}

async function missingPeer(peer: string): Promise<string | undefined> {
  return flags.peers ? installPeer(peer) : '--no-peers';
}

async function measureMisses(place: Place, ids: readonly number[], rounds: number): Promise<MissTimes> {
  await using worker = new ChildWorker<MissDriver>(new URL('./drivers/slotwise-miss.ts', import.meta.url));
  return await worker.call('measureMisses', {
    place: { ...place, prefix: `${place.prefix}:miss` },
    ids,
    rounds,
  });
}

async function measureL1(place: Place, slotIds: readonly number[]): Promise<number> {
  await using worker = new ChildWorker<MemoryDriver>(
    new URL('./drivers/slotwise-memory.ts', import.meta.url),
  );
  return await worker.call('measureL1', {
    place: { ...place, prefix: `${place.prefix}:l1` },
    slotIds,
  });
}
