import type { TrafficRun } from './run-under-traffic.ts';
import type { Phase } from './traffic.ts';

const round = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 0);

/** Milliseconds between the acknowledgement of a commit and the last read that did not show it. */
function longestStaleness({ staleReads }: Phase): number {
  const ages = Object.values(staleReads)
    .flat()
    .map(({ startedAt, missed }) => startedAt - missed.at);
  return Math.max(0, ...ages);
}

/** Prints what the run measured; the assertions only hold the bounds. */
export function printTrafficRun(
  name: string,
  { phases, added, recoveredAfterMs, disturbedForMs, stats }: TrafficRun,
): void {
  const lines = phases.map(
    (phase) =>
      `  ${phase.name.padEnd(10)} reads ${phase.reads} (slowest ${round(phase.slowestReadMs)} ms), ` +
      `commits ${phase.applied} applied + ${phase.deferred} deferred (slowest ${round(phase.slowestCommitMs)} ms), ` +
      `stale reads ${Object.values(phase.staleReads)
        .map(({ length }) => length)
        .join(' + ')} ` +
      `(longest ${round(longestStaleness(phase))} ms)`,
  );
  const { l1Hits, l2Hits, misses, bypassed, failures, breakerOpened, failedFills } = stats.after;
  console.log(
    [
      name,
      ...lines,
      `  without Redis, at least in part, until ${round(disturbedForMs)} ms after the beginning; hits again ${round(recoveredAfterMs)} ms after healing` +
        (added === undefined
          ? ''
          : `; reads took ${round(added.plainMs)} ms + ${round(added.addedMs)} ms meanwhile`),
      `  reader: hits ${l1Hits} + ${l2Hits}, misses ${misses}, bypassed ${bypassed}, failures ${failures}, ` +
        `failed fills ${failedFills}, breaker opened ${breakerOpened}`,
    ].join('\n'),
  );
}
