/** One statement as it is logged: never with the values it was about. */
export interface LoggedStatement {
  /** The repository method, such as `slots.getFreeForCity`, or the name that a host gave. */
  readonly operation: string;
  /** Every value stands as `?`, and lists of values are one; 2,000 characters at most. */
  readonly sql: string;
  /** From when it was sent on a connection; waiting for one is not a part of it. */
  readonly durationMs: number;
  readonly failed: boolean;
}

/** The statements that some work has caused; what the cache has answered is none. */
export interface QueryLog {
  readonly count: number;
  readonly failed: number;
  readonly totalMs: number;
  /** In the order in which they ended: the first 1,000 of them. */
  readonly statements: readonly LoggedStatement[];
}
