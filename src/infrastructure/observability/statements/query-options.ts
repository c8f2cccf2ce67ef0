export interface QueryOptions {
  /**
   * Slow statements that are kept for `diagnostics.slowStatements`; the one that was seen longest ago makes room. 100 when
   * left out, 0 for none. What is slow is said by `metrics.slowStatementMs`.
   */
  readonly maxSlow?: number;
  /**
   * Whether statements that come again and again in one unit of work are reported, to the logger and for
   * `diagnostics.repeatedStatements`; `false` when left out. For development and tests: each statement is written
   * out, and who has called is noted.
   */
  readonly repeats?: false | RepeatOptions;
}

export interface RepeatOptions {
  /** How often the same statement may be sent in one unit of work before that is reported, 2 at least; 5 when left out. */
  readonly atLeast?: number;
}

/** The options with what was left out. */
export interface QuerySettings {
  readonly maxSlow: number;
  readonly repeats: false | Required<RepeatOptions>;
}

export const defaultQueries = { maxSlow: 100, repeats: false } as const satisfies QuerySettings;

export const DEFAULT_REPEATS = 5;
