import type { LinkSample } from '../history.ts';
import { bounds } from './bounds.ts';

/** A stretch of time. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A process that has not looked at its link for so long was stopped or starved, and relayed nothing meanwhile. */
const LONGEST_GAP_MS = 250;

/** When a process could relay: while it said so itself, but not while a fault was between it and Redis. */
export function timesInReach(
  samples: readonly LinkSample[],
  blocked: readonly Interval[],
): readonly Interval[] {
  const up: Interval[] = [];
  let since: number | undefined;
  for (const [index, { at, up: isUp }] of samples.entries()) {
    const { at: nextAt, up: staysUp } = samples[index + 1] ?? { at, up: false };
    const goesOn = isUp && staysUp && nextAt - at <= LONGEST_GAP_MS;
    if (goesOn) since ??= at;
    else if (since !== undefined) {
      up.push({ from: since, to: at });
      since = undefined;
    }
  }
  return blocked.reduce(without, up);
}

const without = (intervals: readonly Interval[], hole: Interval): Interval[] =>
  intervals
    .flatMap(({ from, to }) => [
      { from, to: Math.min(to, hole.from) },
      { from: Math.max(from, hole.to), to },
    ])
    .filter(({ from, to }) => to > from);

/**
 * By when a commit that nobody could be told of at this moment must be seen: when some process has been able to relay
 * for as long as the protocol takes, without a break. `Infinity` while there was no such time.
 */
export function relayedBy(reach: readonly (readonly Interval[])[], since: number): number {
  const ends = reach
    .flat()
    .map(({ from, to }) => ({ end: Math.max(from, since) + bounds.relay, to }))
    .filter(({ end, to }) => end <= to)
    .map(({ end }) => end);
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}
