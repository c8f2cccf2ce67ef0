export type ComponentStatus = 'up' | 'degraded' | 'down';

export interface ComponentHealth {
  readonly status: ComponentStatus;
  /** Milliseconds the check took; absent when the component was not asked. */
  readonly latencyMs?: number;
  readonly detail?: string;
}

/** A server that `readFrom: 'replica'` may ask. */
export interface ReplicaHealth extends ComponentHealth {
  /** Host and port. */
  readonly name: string;
  /**
   * `up`: it is asked. `degraded`: it answers, and is too far behind. `down`: it does not answer, has failed a read, or is
   * no standby of the primary.
   */
  readonly status: ComponentStatus;
  /** Milliseconds its data is old at most; absent when nobody can tell. */
  readonly lagMs?: number;
}

/** How the SDK and what it stands on are doing. */
export interface HealthReport {
  /** `down` only when the database is: a cache or a replica that is away makes the SDK slower, not unable. */
  readonly status: ComponentStatus;
  /** For a liveness probe: whether the SDK is open. Servers that are away are no reason to start the process again. */
  readonly live: boolean;
  /** For a readiness probe: whether the SDK is open and the database answers. A cache that is away is no reason to say no. */
  readonly ready: boolean;
  readonly database: ComponentHealth;
  /** As they were when last looked at, a second ago, or a few while a server does not answer; absent where none are named. */
  readonly replicas?: readonly ReplicaHealth[];
  readonly cache: ComponentHealth;
  /** Events that nobody has delivered yet, those that never could be, and how old the oldest of the former is. */
  readonly events: { readonly backlog: number; readonly oldestMs: number; readonly dead: number };
  /** Commits whose invalidation other processes still wait for. */
  readonly invalidation: { readonly backlog: number; readonly oldestMs: number };
}

export interface HealthOptions {
  /** After which what has not answered counts as down, in milliseconds; 2,000 when left out. */
  readonly timeoutMs?: number;
}
