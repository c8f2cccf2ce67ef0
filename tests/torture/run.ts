/**
 * Several processes read and write the same rows while whatever tells them of changes fails in every way it can; what
 * each of them saw is held against what the cache promises. See `npm run torture -- --help`.
 */
import type { Fault } from './fault.ts';
import { parseTortureOptions, usage, type TortureOptions } from './options.ts';
import { complaints, tableHead, tableRow } from './report.ts';
import { playRound } from './round.ts';
import { besideRedis, redisAlone, toldByDatabase, type Setting } from './settings.ts';
import { startServers, type Servers, type Stage } from './stage.ts';

const RUNNING_POSTGRES = process.env['DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/test';
/** Starting, recovering and judging take their time beside the fault itself. */
const MOST_BESIDE_A_FAULT_SECONDS = 60;
const INTERRUPTED = 130;

const stack = new AsyncDisposableStack();
/** What is being started; only when that has come to an end is it known what there is to be ended. */
let starting: Promise<unknown> = Promise.resolve();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void interrupt(signal));

const options = parseTortureOptions(process.argv.slice(2));
if (options === undefined) console.log(usage);
else {
  await torture(options);
  // Node does not end by itself when a socket was reset that had begun to end, which is what broken networks do.
  if (!interrupted) process.exit();
}

async function interrupt(signal: NodeJS.Signals): Promise<void> {
  if (interrupted) return;
  interrupted = true;
  console.log(`\n${signal}: ending what was started`);
  await starting.catch(() => undefined);
  await stack.disposeAsync().finally(() => process.exit(INTERRUPTED));
}

/** What fails because it is being ended is no news. */
async function torture(chosen: TortureOptions): Promise<void> {
  try {
    await run(chosen);
  } catch (cause) {
    if (interrupted) return;
    throw cause;
  } finally {
    if (!interrupted) await stack.disposeAsync();
  }
}

async function run(chosen: TortureOptions): Promise<void> {
  const startedAt = performance.now();
  const { faults, aloneFaults, notifyFaults, seed, flaw, proofs } = chosen;
  const servers = await start(() => startServers(lifetimeSeconds(chosen), RUNNING_POSTGRES, stack));
  console.log(`${servers.description}, a Redis of its own at ${servers.redis.url}, seed ${seed}`);
  console.log(`\n${tableHead()}`);
  if (flaw !== undefined) console.log(`with an engine that is broken on purpose: ${flaw}`);
  const found =
    (await play(servers, besideRedis, faults, chosen)) +
    (await play(servers, redisAlone, aloneFaults, chosen)) +
    (await play(servers, toldByDatabase, notifyFaults, chosen));

  const unnoticed: string[] = [];
  if (proofs.length > 0) console.log('\nbroken on purpose, to see that it is noticed');
  for (const { title, play: playProof } of proofs) {
    const round = await start(() => playProof(servers, seed, stack));
    console.log(`${title}\n${tableRow(round)}`);
    if (round.judgement.violations.length === 0) unnoticed.push(title);
  }

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const verdict = found === 0 ? 'the promise held' : `THE PROMISE WAS BROKEN: ${found} complaints`;
  const blind = unnoticed.map((name) => `; NOBODY NOTICED: ${name}`);
  console.log(`\n${roundsOf(chosen)} faults in ${seconds} s, seed ${seed}: ${verdict}${blind.join('')}`);
  if (found > 0 || unnoticed.length > 0) process.exitCode = 1;
}

/** One round for each fault, by the same processes; answers the number of complaints. */
async function play<On extends Stage>(
  servers: Servers,
  { title, open }: Setting<On>,
  faults: readonly Fault<On>[],
  { flaw, pace, seed }: TortureOptions,
): Promise<number> {
  if (faults.length === 0) return 0;
  console.log(title);
  const stage = await start(() => open(servers, flaw, stack));
  let found = 0;
  for (const [index, fault] of faults.entries()) {
    const round = await playRound(stage, fault, pace, seed + index);
    console.log(tableRow(round));
    found += complaints(round).length;
  }
  await stage.close();
  return found;
}

async function start<T>(begin: () => Promise<T>): Promise<T> {
  const begun = begin();
  starting = begun;
  return begun;
}

function roundsOf({ faults, aloneFaults, notifyFaults }: TortureOptions): number {
  return faults.length + aloneFaults.length + notifyFaults.length;
}

function lifetimeSeconds(chosen: TortureOptions): number {
  const { pace, proofs } = chosen;
  const rounds = roundsOf(chosen) + proofs.length + 1;
  return Math.ceil(rounds * (pace.faultMs / 1000 + MOST_BESIDE_A_FAULT_SECONDS));
}
