export interface MetricsOptions {
  /** Statements that take longer are slow, in milliseconds; 100 when left out. */
  readonly slowStatementMs?: number;
  /** Distinct names of each kind (queries, operations, timers); those that come later share `other`. 200 when left out. */
  readonly maxNames?: number;
  /** Whether the delay of the event loop is measured, which wakes the process up 50 times a second; `true` when left out. */
  readonly eventLoopDelay?: boolean;
  /** Milliseconds between summaries in the log, as `info`; `false`, never, when left out. */
  readonly logEveryMs?: number | false;
  /** Whether `metrics.profile` logs what each request has caused; `false` when left out. */
  readonly profileRequests?: boolean;
}

/** The options with what was left out, and whether anything is counted at all. */
export interface MetricsSettings extends Required<MetricsOptions> {
  readonly enabled: boolean;
}

export const defaultMetrics: MetricsSettings = {
  enabled: true,
  slowStatementMs: 100,
  maxNames: 200,
  eventLoopDelay: true,
  logEveryMs: false,
  profileRequests: false,
};
