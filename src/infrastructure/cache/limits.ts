// What the options are checked against and the cache relies on.

const DAY_MS = 86_400_000;

/** No entry is given a longer lifetime than this, whatever its policy says. */
export const MAX_TTL_MS = 7 * DAY_MS;

/** The longest an entry can live once its lifetime is spread. */
export const LONGEST_LIFE_MS = Math.round(MAX_TTL_MS * 1.1);

/** Longer than any entry, so that a version outlives what it guards; renewed by every bump. */
export const VERSION_TTL_MS = LONGEST_LIFE_MS + DAY_MS;

/** Longer than any entry, so that an older row of the outbox concerns nothing any more. */
export const OUTBOX_RETENTION_MS = 9 * DAY_MS;

/** Probes of the breaker grow no further apart than this many times their first interval. */
export const PROBE_GROWTH = 5;
