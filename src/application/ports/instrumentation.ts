/**
 * A use case or a unit of work that has begun. It is made for the subscribers of its channel, before the work begins, and is
 * found in the event of its end and in those of the statements of a unit of work.
 */
export interface Activity {
  /** Of the use case, or `slotwise unit of work`. */
  readonly name: string;
  /** What the host calls what it is doing, where it does. */
  readonly correlationId?: string;
  /**
   * Has the work run inside of `wrap`, which must call what it is given once, at once, and answer what that answers. Units of
   * work that are opened by hand run nothing.
   */
  around(wrap: Wrap): void;
}

export type Wrap = <T>(run: () => T) => T;

/** Absent where nobody has subscribed to activities. */
interface OfActivity {
  readonly activity?: Activity | undefined;
}

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

/** A query that was sent to the database to answer reads. */
export interface CacheLoadEvent {
  /** Name of the cache policy. */
  readonly query: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Its activity is the unit of work that it is a part of. */
export interface StatementEvent extends OfActivity {
  /** The repository method, such as `slots.getForUpdate`. */
  readonly operation: string;
  readonly durationMs: number;
  readonly failed: boolean;
  /** Five characters of PostgreSQL's error table, when the server refused it. */
  readonly sqlState?: string | undefined;
}

/** A commit told the cache what it had changed, or left that to a relay. */
export interface InvalidationEvent {
  /** How many anchors. */
  readonly anchors: number;
  readonly outcome: 'applied' | 'deferred';
  readonly durationMs: number;
}

/** `open`: this Redis server is left alone. `closed`: it is in use again, or for the first time. */
export interface BreakerEvent {
  readonly state: 'open' | 'closed';
}

export interface UnitOfWorkEvent extends OfActivity {
  /** `failed`: the database did not say that it had committed, or rolled back. */
  readonly outcome: 'committed' | 'rolled-back' | 'failed';
  /** Whether there was a transaction to end; one that only reads what is cached needs none. */
  readonly transaction: boolean;
  /** From when it was opened. */
  readonly durationMs: number;
}

export interface UseCaseEvent extends OfActivity {
  /** As callers know it: `slots.publish`. */
  readonly name: string;
  readonly durationMs: number;
  readonly failed: boolean;
  /** Type of the error it answered. */
  readonly error?: string;
}

/** Told what happens inside, as it happens. What is left out costs nothing; what throws is ignored. */
export interface Instrumentation {
  cacheRead?(event: CacheReadEvent): void;
  cacheLoad?(event: CacheLoadEvent): void;
  statement?(event: StatementEvent): void;
  invalidation?(event: InvalidationEvent): void;
  breaker?(event: BreakerEvent): void;
  unitOfWork?(event: UnitOfWorkEvent): void;
  useCase?(event: UseCaseEvent): void;
}

/** Every event by the name of the hook that hears of it. */
export type InstrumentationEvents = {
  readonly [Hook in keyof Required<Instrumentation>]: Parameters<Required<Instrumentation>[Hook]>[0];
};
