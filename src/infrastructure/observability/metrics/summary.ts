import type { CacheStats } from '../../../application/ports/cache-control.ts';
import type { ReplicaHealth } from '../../../application/ports/health.ts';
import type { ReadSource } from '../../../application/ports/instrumentation.ts';
import type { PoolUse } from '../../../application/ports/pool-status.ts';
import type { MetricsRecorder } from './recorder.ts';
import type { ProcessUse } from './process-use.ts';
import type { SourceCounts } from './read-counts.ts';
import type { TimingSummary } from './timing.ts';
import type { TimingsSummary } from './timings.ts';

/** A read replica, since the SDK was opened. */
export interface ReplicaUse extends Pick<ReplicaHealth, 'name' | 'status' | 'lagMs'> {
  /** Reads it has answered. */
  readonly reads: number;
  /** Reads that it failed, and another server answered. */
  readonly failures: number;
}

export interface CacheMetrics {
  readonly reads: number;
  /** Share of reads the cache has answered; 0 before the first. */
  readonly hitRate: number;
  readonly bySource: Readonly<Record<ReadSource, number>>;
  readonly negativeHits: number;
  readonly byQuery: Readonly<Record<string, SourceCounts>>;
  readonly loads: TimingsSummary;
  /** By what became of them: `applied`, `deferred`. */
  readonly invalidations: TimingsSummary;
  /** What the cache says of itself; since the SDK was opened, whatever was reset. */
  readonly stats: CacheStats;
}

export interface DatabaseMetrics {
  readonly statements: TimingsSummary;
  /** Share of statements that took longer than `slowStatementMs`, and of those that failed. */
  readonly slowShare: number;
  readonly failedShare: number;
  readonly transactions: {
    readonly committed: number;
    readonly rolledBack: number;
    /** Ended in neither way as far as is known. */
    readonly failed: number;
  };
  readonly unitsOfWork: TimingsSummary;
  /** Absent where the connections are not the SDK's. */
  readonly pool?: PoolUse;
  /** Absent where none are named. */
  readonly replicas?: readonly ReplicaUse[];
}

export interface MetricsSummary {
  /** `false` when `metrics: false` was given; then there is nothing but what the cache and the process say. */
  readonly enabled: boolean;
  /** Milliseconds since counting began or was reset. */
  readonly coversMs: number;
  readonly cache: CacheMetrics;
  readonly database: DatabaseMetrics;
  readonly useCases: TimingsSummary;
  /** What the host has timed with `timer`, `measure` and `timed`. */
  readonly timers: TimingsSummary;
  readonly process: ProcessUse;
}

export interface SummaryParts {
  readonly recorder: MetricsRecorder;
  readonly enabled: boolean;
  readonly coversMs: number;
  readonly stats: CacheStats;
  readonly pool: PoolUse | undefined;
  readonly replicas: readonly ReplicaUse[] | undefined;
  readonly process: ProcessUse;
}

export function summarizeMetrics(parts: SummaryParts): MetricsSummary {
  const { recorder, enabled, coversMs, process } = parts;
  return {
    enabled,
    coversMs,
    cache: cacheMetrics(parts),
    database: databaseMetrics(parts),
    useCases: recorder.useCases.summary(),
    timers: recorder.timers.summary(),
    process,
  };
}

function cacheMetrics({ recorder, stats }: SummaryParts): CacheMetrics {
  const byQuery = recorder.reads.byQuery;
  const total = (kind: keyof SourceCounts): number =>
    Object.values(byQuery).reduce((sum, counts) => sum + counts[kind], 0);
  const bySource = {
    l1: total('l1'),
    l2: total('l2'),
    stale: total('stale'),
    database: total('database'),
  };
  const hits = bySource.l1 + bySource.l2 + bySource.stale;
  const reads = hits + bySource.database;
  return {
    reads,
    hitRate: shareOf(hits, reads),
    bySource,
    negativeHits: total('negative'),
    byQuery,
    loads: recorder.loads.summary(),
    invalidations: recorder.invalidations.summary(),
    stats,
  };
}

function databaseMetrics({ recorder, pool, replicas }: SummaryParts): DatabaseMetrics {
  const statements = recorder.statements.summary();
  const { count, slow, failed }: TimingSummary = statements.all;
  return {
    statements,
    slowShare: shareOf(slow, count),
    failedShare: shareOf(failed, count),
    transactions: recorder.transactions,
    unitsOfWork: recorder.unitsOfWork.summary(),
    ...(pool === undefined ? {} : { pool }),
    ...(replicas === undefined ? {} : { replicas }),
  };
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
