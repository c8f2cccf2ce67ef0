// What the options are checked against and the cache relies on.

const DAY_MS = 86_400_000;

/** No entry is given a longer lifetime than this, whatever its policy says. */
export const MAX_TTL_MS = 7 * DAY_MS;

/** Nor a longer grace period. */
export const MAX_GRACE_MS = DAY_MS;

/** The longest an entry can live once its lifetime is spread. */
export const LONGEST_LIFE_MS = Math.round(MAX_TTL_MS * 1.1) + MAX_GRACE_MS;

/** Longer than any entry, so that a version outlives what it guards; renewed by every bump. */
export const VERSION_TTL_MS = LONGEST_LIFE_MS + DAY_MS;

/** Longer than any entry, so that an older row of the outbox concerns nothing any more. */
export const OUTBOX_RETENTION_MS = 10 * DAY_MS;

/** Probes of the breaker grow no further apart than this many times their first interval. */
export const PROBE_GROWTH = 5;

/** An entry has its own anchor and its family's; few have more. Losing a watched one only costs the entries under it. */
export const ANCHORS_PER_ENTRY = 3;

/** How often the backplane is asked whether it is still there, and how old its last sign of life may be. */
export const HEARTBEAT_MS = 500;
export const HEARTBEAT_LIMIT_MS = 1000;

/** How long one process may keep others from loading what it loads. */
export const LOAD_LOCK_MS = 5000;

/** How long a commit that was marked before it was sent keeps readers away from the cache, if nobody ends it. */
export const PENDING_MS = 5000;

/** Entries in the memory of a process, when nobody says how many. */
export const DEFAULT_MAX_ENTRIES = 10_000;

/** Larger values cost more to move than they save, and are not stored in Redis. */
export const MAX_VALUE_CHARACTERS = 1_000_000;
