import type { Found } from './versioned-store.ts';

/** Beyond this many load times before the end the chance is below one in a million million. */
const HORIZON = 28;

/**
 * Whether this reader should load anew although the entry is still good: the closer to its end and the longer a load
 * takes, the likelier, so that on average one reader has done so in time. This is XFetch of Vattani, Chierichetti and
 * Lowenstein, "Optimal Probabilistic Cache Stampede Prevention" (VLDB 2015), with beta = 1.
 */
export const isDueEarly = ({ remainingMs, loadMs }: Found<unknown>, random = Math.random): boolean =>
  remainingMs < HORIZON * loadMs && remainingMs <= -loadMs * Math.log(random());
