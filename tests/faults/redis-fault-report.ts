import type { Phase } from '../support/traffic.ts';
import type { FaultRun } from './redis-fault.ts';

const round = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 0);

/** Milliseconds between the acknowledgement of a commit and the last read that did not show it. */
function longestStaleness({ staleReads }: Phase): number {
  const ages = [...staleReads.writer, ...staleReads.reader].map(
    ({ startedAt, missed }) => startedAt - missed.at,
  );
  return Math.max(0, ...ages);
}

/** Prints what the run measured; the assertions only hold the bounds. */
export function printFaultRun(name: string, { phases, added, recoveredAfterMs, stats }: FaultRun): void {
  const lines = phases.map(
    (phase) =>
      `  ${phase.name.padEnd(10)} reads ${phase.reads} (slowest ${round(phase.slowestReadMs)} ms), ` +
      `commits ${phase.applied} applied + ${phase.deferred} deferred (slowest ${round(phase.slowestCommitMs)} ms), ` +
      `stale reads ${phase.staleReads.writer.length} + ${phase.staleReads.reader.length} ` +
      `(longest ${round(longestStaleness(phase))} ms)`,
  );
  const { l2Hits, misses, bypassed, failures, breakerOpened, failedFills } = stats.after;
  console.log(
    [
      name,
      ...lines,
      `  hits again after ${round(recoveredAfterMs)} ms` +
        (added === undefined
          ? ''
          : `; reads took ${round(added.plainMs)} ms + ${round(added.addedMs)} ms meanwhile`),
      `  reader: hits ${l2Hits}, misses ${misses}, bypassed ${bypassed}, failures ${failures}, ` +
        `failed fills ${failedFills}, breaker opened ${breakerOpened}`,
    ].join('\n'),
  );
}
