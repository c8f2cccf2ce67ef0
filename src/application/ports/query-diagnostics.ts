/** A statement of this process that took longer than `metrics.slowStatementMs`, or ran into a limit of time. */
export interface SlowStatement {
  /** The repository method, such as `slots.getFreeForCity`, or the name that a host gave. */
  readonly operation: string;
  /** Every value stands as `?`, and lists of values are one; 2,000 characters at most. */
  readonly sql: string;
  /** How often it was slow. */
  readonly calls: number;
  /** Of those, how often it failed: it ran into a limit of time, as a rule. */
  readonly failed: number;
  /** Of the slow calls alone, without waiting for a connection. */
  readonly totalMs: number;
  readonly maxMs: number;
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
}

/** A statement that units of work have sent again and again, which is mostly a list that is read one by one. */
export interface RepeatedStatement {
  readonly operation: string;
  /** As in `SlowStatement`. */
  readonly sql: string;
  /** In how many units of work. */
  readonly unitsOfWork: number;
  /** How often in one of them, at most. */
  readonly most: number;
  /**
   * Where it was called from the last time it was noticed: frames outside the SDK, the innermost first, 10 at most. None
   * where Redis was asked first: nobody knows any more by then.
   */
  readonly stack: readonly string[];
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
}

/** What this process has noticed of its own statements. Nothing here asks the database. */
export interface QueryDiagnostics {
  /** Those that took most time first; one for each operation and text, `queries.maxSlow` of them (100) at most. */
  slowStatements(): readonly SlowStatement[];
  resetSlowStatements(): void;
  /** Those that came most often first, 100 at most; none unless `queries.repeats` is on. */
  repeatedStatements(): readonly RepeatedStatement[];
  resetRepeatedStatements(): void;
}
