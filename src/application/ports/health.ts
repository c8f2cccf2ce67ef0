export type ComponentStatus = 'up' | 'degraded' | 'down';

export interface ComponentHealth {
  readonly status: ComponentStatus;
  /** Milliseconds the check took; absent when the component was not asked. */
  readonly latencyMs?: number;
  readonly detail?: string;
}

/** How the SDK and what it stands on are doing. */
export interface HealthReport {
  /** `down` only when the database is: a cache that is away makes the SDK slower, not unable. */
  readonly status: ComponentStatus;
  readonly database: ComponentHealth;
  readonly cache: ComponentHealth;
  /** Events that nobody has delivered yet, those that never could be, and how old the oldest of the former is. */
  readonly events: { readonly backlog: number; readonly oldestMs: number; readonly dead: number };
  /** Commits whose invalidation other processes still wait for. */
  readonly invalidation: { readonly backlog: number; readonly oldestMs: number };
}
