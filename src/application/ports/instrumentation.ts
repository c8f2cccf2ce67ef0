/**
 * Where the answer of a cached read came from. `stale`: past its lifetime, but as far as the cache knows unchanged, while
 * the database failed or was slow.
 */
export type ReadSource = 'l1' | 'l2' | 'stale' | 'database';

export interface CacheReadEvent {
  /** Name of the cache policy; never a key or an id. */
  readonly query: string;
  readonly source: ReadSource;
  /** Milliseconds since the value was stored; absent when it was just read from the database. */
  readonly ageMs?: number;
}

export interface StatementEvent {
  /** The repository method, such as `slots.getForUpdate`. */
  readonly operation: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Told what happens inside, as it happens. What is left out costs nothing; what throws is ignored. */
export interface Instrumentation {
  cacheRead?(event: CacheReadEvent): void;
  statement?(event: StatementEvent): void;
}
