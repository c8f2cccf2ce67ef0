/**
 * Several processes read and write the same rows while their Redis fails in every way it can; what each of them saw is
 * held against what the cache promises. See `npm run torture -- --help`.
 */
import { calm, type Fault } from './faults.ts';
import type { Flaw } from './flaws.ts';
import { parseTortureOptions, proofPace, usage, type TortureOptions } from './options.ts';
import { complaints, tableHead, tableRow } from './report.ts';
import { playRound, type Pace, type Round } from './round.ts';
import { openStage, startServers, type Servers } from './stage.ts';

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
else await torture(options);

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
  const { pace, seed, flaw, proofs } = chosen;
  const servers = await start(() => startServers(lifetimeSeconds(chosen), RUNNING_POSTGRES, stack));
  console.log(`${servers.description}, a Redis of its own at ${servers.redis.url}, seed ${seed}`);
  console.log(`\n${tableHead()}`);
  if (flaw !== undefined) console.log(`with an engine that is broken on purpose: ${flaw}`);
  const found = (await play(servers, flaw, chosen.faults, pace, seed)).flatMap(complaints).length;

  const unnoticed: Flaw[] = [];
  for (const proof of proofs) {
    console.log(`\nwith an engine that is broken on purpose, to see that it is noticed: ${proof}`);
    const rounds = await play(servers, proof, [calm], proofPace, seed);
    if (rounds.every(({ judgement }) => judgement.violations.length === 0)) unnoticed.push(proof);
  }

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const verdict = found === 0 ? 'the promise held' : `THE PROMISE WAS BROKEN: ${found} complaints`;
  const blind = unnoticed.map((name) => `; NOBODY NOTICED that ${name} was`);
  console.log(`\n${chosen.faults.length} faults in ${seconds} s, seed ${seed}: ${verdict}${blind.join('')}`);
  if (found > 0 || unnoticed.length > 0) process.exitCode = 1;
}

/** One round for each fault, by the same processes. */
async function play(
  servers: Servers,
  flaw: Flaw | undefined,
  chosen: readonly Fault[],
  pace: Pace,
  seed: number,
): Promise<readonly Round[]> {
  const stage = await start(() => openStage(servers, flaw, stack));
  const rounds: Round[] = [];
  for (const [index, fault] of chosen.entries()) {
    const round = await playRound(stage, fault, pace, seed + index);
    console.log(tableRow(round));
    rounds.push(round);
  }
  await stage.close();
  return rounds;
}

async function start<T>(begin: () => Promise<T>): Promise<T> {
  const begun = begin();
  starting = begun;
  return begun;
}

function lifetimeSeconds({ faults: chosen, pace, proofs }: TortureOptions): number {
  const rounds = chosen.length + proofs.length + 1;
  return Math.ceil(rounds * (pace.faultMs / 1000 + MOST_BESIDE_A_FAULT_SECONDS));
}
