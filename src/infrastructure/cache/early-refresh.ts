import type { Found } from './versioned-store.ts';

/** Beyond this many load times before the end the chance is below one in a million million. */
const HORIZON = 28;

type Lifetime = Pick<Found<unknown>, 'expiresAt' | 'loadMs'>;

/** From when on there is any chance that a reader should load anew although the entry is still good. */
export const refreshableFrom = ({ expiresAt, loadMs }: Lifetime): number => expiresAt - HORIZON * loadMs;

/**
 * Whether this reader should: the closer to the end and the longer a load takes, the likelier, so that on average one
 * reader has done so in time. This is XFetch of Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache
 * Stampede Prevention" (VLDB 2015), with beta = 1.
 */
export const isDueEarly = (found: Lifetime, random = Math.random, now = performance.now()): boolean =>
  now >= refreshableFrom(found) && found.expiresAt - now <= -found.loadMs * Math.log(random());
