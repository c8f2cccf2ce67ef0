import { randomUUID } from 'node:crypto';

/** Keeps runs apart that share one database. */
const run = randomUUID().slice(0, 8);

let count = 0;

/** A text no other seed of this or another run has. */
export const unique = (label: string): string => `${label} ${(count += 1)}-${run}`;
