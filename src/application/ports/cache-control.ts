/** What the cache did since the SDK was created. */
export interface CacheStats {
  /** `off`: no cache is configured or it is disabled. `degraded`: Redis is configured but not used at the moment. */
  readonly state: 'up' | 'degraded' | 'off';
  /**
   * The cache in this process. `untrusted`: what others change is not heard of at the moment, so it does not answer.
   */
  readonly memory: 'up' | 'untrusted' | 'off';
  /** Entries in process memory, current or not. */
  readonly l1Entries: number;
  /** Answers from process memory. */
  readonly l1Hits: number;
  /** Answers from Redis. */
  readonly l2Hits: number;
  /** Of the hits, those that answered that there is nothing. */
  readonly negativeHits: number;
  /** Answers past their lifetime, with versions that were the present ones, while the database failed or was slow. */
  readonly staleServed: number;
  /** Reads that found nothing, or something whose version no longer matches. */
  readonly misses: number;
  /** Reads that did not ask the cache: disabled, Redis away, anchors not trusted at the moment. */
  readonly bypassed: number;
  /** Queries sent to the database to answer reads. */
  readonly loads: number;
  /** Reads that were answered by another caller's load. */
  readonly sharedLoads: number;
  /** Loads that answered an error. */
  readonly failedLoads: number;
  /** Loads that were started before a lifetime was over. */
  readonly earlyRefreshes: number;
  /** Loads that another process made while this one waited for it. */
  readonly lockWaits: number;
  readonly fills: number;
  readonly failedFills: number;
  /** Stored values that could not be decoded; each counts as a miss and is overwritten. */
  readonly undecodable: number;
  /** Anchors whose version was raised. */
  readonly bumps: number;
  /** Commits answered `deferred`. */
  readonly deferredCommits: number;
  /** Redis operations that failed or ran out of their budget. */
  readonly failures: number;
  /** Times the circuit breaker opened. */
  readonly breakerOpened: number;
  /** Versions that were announced to this process. */
  readonly announcements: number;
  /** Times the announcements were lost or late, and the cache in this process was emptied. */
  readonly announcementsLost: number;
  /** Hits that were compared with the database, and those of them that were older than it. */
  readonly checkedHits: number;
  readonly staleReads: number;
  /** The greatest age of such a hit, in milliseconds. */
  readonly oldestStaleMs: number;
  /** Share of cache answers among all reads; 0 before the first one. */
  readonly hitRate: number;
}

/** Run-time control of the cache. */
export interface CacheControl {
  stats(): CacheStats;
  /** Every read goes to the database from now on. Commits keep telling the other processes. */
  disable(): void;
  enable(): void;
  readonly enabled: boolean;
}
