import { durationLimitsMs } from '../metrics/histogram.ts';
import type { MetricsSummary, ReplicaUse } from '../metrics/summary.ts';
import type { TimingSummary } from '../metrics/timing.ts';
import type { TimingsSummary } from '../metrics/timings.ts';

export type Labels = Readonly<Record<string, string>>;

export interface NumberSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface DurationSample {
  readonly labels: Labels;
  readonly count: number;
  readonly totalSeconds: number;
  /** How many took at most so long, in seconds and in ascending order. */
  readonly atMost: readonly { readonly seconds: number; readonly count: number }[];
}

/** One metric as exporters see it, with a sample for each combination of labels. */
export type ExportedMetric = {
  readonly name: string;
  readonly help: string;
} & (
  | { readonly type: 'counter' | 'gauge'; readonly samples: readonly NumberSample[] }
  | { readonly type: 'histogram'; readonly samples: readonly DurationSample[] }
);

const MS = 1_000;

const durations = (label: string, { byName }: TimingsSummary): readonly DurationSample[] =>
  Object.entries(byName).map(([name, { count, totalMs, atMost }]) => ({
    labels: { [label]: name },
    count,
    totalSeconds: totalMs / MS,
    atMost: durationLimitsMs.map((limit, index) => ({ seconds: limit / MS, count: atMost[index] ?? 0 })),
  }));

const counts = (
  label: string,
  { byName }: TimingsSummary,
  of: (timing: TimingSummary) => number,
): readonly NumberSample[] =>
  Object.entries(byName).map(([name, timing]) => ({ labels: { [label]: name }, value: of(timing) }));

const single = (value: number | undefined): readonly NumberSample[] =>
  value === undefined ? [] : [{ labels: {}, value }];

const labeled = (label: string, values: Readonly<Record<string, number>>): readonly NumberSample[] =>
  Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));

const failed = ({ failed: count }: TimingSummary): number => count;
const slow = ({ slow: count }: TimingSummary): number => count;

/** Everything that is exported, under names and units as Prometheus wants them. The names are a public contract. */
export function exportedMetrics(summary: MetricsSummary): readonly ExportedMetric[] {
  return [
    ...cacheMetrics(summary),
    ...databaseMetrics(summary),
    ...timedMetrics(summary),
    ...processMetrics(summary),
  ];
}

function cacheMetrics({ cache }: MetricsSummary): readonly ExportedMetric[] {
  const { stats, loads, invalidations } = cache;
  const queries = Object.entries(cache.byQuery);
  return [
    {
      name: 'slotwise_cache_reads_total',
      help: 'Cached reads by query and by where they were answered.',
      type: 'counter',
      samples: queries.flatMap(([query, { negative: _negative, ...sources }]) =>
        Object.entries(sources).map(([source, value]) => ({ labels: { query, source }, value })),
      ),
    },
    {
      name: 'slotwise_cache_negative_hits_total',
      help: 'Cache hits that said that there is nothing.',
      type: 'counter',
      samples: queries.map(([query, { negative }]) => ({ labels: { query }, value: negative })),
    },
    {
      name: 'slotwise_cache_load_duration_seconds',
      help: 'Queries to the database that answer reads.',
      type: 'histogram',
      samples: durations('query', loads),
    },
    {
      name: 'slotwise_cache_load_failures_total',
      help: 'Of those, the ones that failed.',
      type: 'counter',
      samples: counts('query', loads, failed),
    },
    {
      name: 'slotwise_cache_invalidation_duration_seconds',
      help: 'Telling the cache what a commit changed, by what became of it: applied or deferred.',
      type: 'histogram',
      samples: durations('outcome', invalidations),
    },
    {
      name: 'slotwise_cache_deferred_commits_total',
      help: 'Commits that left invalidation to a relay.',
      type: 'counter',
      samples: single(stats.deferredCommits),
    },
    {
      name: 'slotwise_cache_bumps_total',
      help: 'Anchors whose version was raised.',
      type: 'counter',
      samples: single(stats.bumps),
    },
    {
      name: 'slotwise_cache_stale_reads_total',
      help: 'Hits that the consistency check found older than the database.',
      type: 'counter',
      samples: single(stats.staleReads),
    },
    {
      name: 'slotwise_cache_failures_total',
      help: 'Redis operations that failed or ran out of their budget.',
      type: 'counter',
      samples: single(stats.failures),
    },
    {
      name: 'slotwise_cache_breaker_opened_total',
      help: 'Times the circuit breaker opened.',
      type: 'counter',
      samples: single(stats.breakerOpened),
    },
    {
      name: 'slotwise_cache_up',
      help: '1 while the cache is in use, 0 while it is degraded or off.',
      type: 'gauge',
      samples: single(stats.state === 'up' ? 1 : 0),
    },
    {
      name: 'slotwise_cache_memory_entries',
      help: 'Entries in the memory of this process.',
      type: 'gauge',
      samples: single(stats.l1Entries),
    },
  ];
}

function databaseMetrics({ database }: MetricsSummary): readonly ExportedMetric[] {
  const { statements, transactions, unitsOfWork, pool, replicas = [] } = database;
  return [
    {
      name: 'slotwise_statement_duration_seconds',
      help: 'Statements by repository method.',
      type: 'histogram',
      samples: durations('operation', statements),
    },
    {
      name: 'slotwise_statement_failures_total',
      help: 'Statements that failed.',
      type: 'counter',
      samples: counts('operation', statements, failed),
    },
    {
      name: 'slotwise_slow_statements_total',
      help: 'Statements that took longer than slowStatementMs.',
      type: 'counter',
      samples: counts('operation', statements, slow),
    },
    {
      name: 'slotwise_transactions_total',
      help: 'Database transactions by how they ended.',
      type: 'counter',
      samples: labeled('outcome', {
        committed: transactions.committed,
        'rolled-back': transactions.rolledBack,
        failed: transactions.failed,
      }),
    },
    {
      name: 'slotwise_unit_of_work_duration_seconds',
      help: 'Units of work by how they ended.',
      type: 'histogram',
      samples: durations('outcome', unitsOfWork),
    },
    {
      name: 'slotwise_pool_connections',
      help: 'Connections of the pool by state.',
      type: 'gauge',
      samples: pool === undefined ? [] : labeled('state', { used: pool.open - pool.idle, idle: pool.idle }),
    },
    {
      name: 'slotwise_pool_waiting',
      help: 'Callers that wait for a connection.',
      type: 'gauge',
      samples: single(pool?.waiting),
    },
    {
      name: 'slotwise_pool_max_connections',
      help: 'Connections the pool may have.',
      type: 'gauge',
      samples: single(pool?.max),
    },
    ...replicaMetrics(replicas),
  ];
}

function replicaMetrics(replicas: readonly ReplicaUse[]): readonly ExportedMetric[] {
  const samples = (of: (replica: ReplicaUse) => number | undefined): readonly NumberSample[] =>
    replicas.flatMap((replica) => {
      const value = of(replica);
      return value === undefined ? [] : [{ labels: { replica: replica.name }, value }];
    });
  return [
    {
      name: 'slotwise_replica_up',
      help: '1 while the read replica is in use, else 0.',
      type: 'gauge',
      samples: samples(({ status }) => (status === 'up' ? 1 : 0)),
    },
    {
      name: 'slotwise_replica_lag_seconds',
      help: 'Age of its data at most.',
      type: 'gauge',
      samples: samples(({ lagMs }) => (lagMs === undefined ? undefined : lagMs / MS)),
    },
    {
      name: 'slotwise_replica_reads_total',
      help: 'Reads that it has answered.',
      type: 'counter',
      samples: samples(({ reads }) => reads),
    },
    {
      name: 'slotwise_replica_failures_total',
      help: 'Reads that it failed, and another server answered.',
      type: 'counter',
      samples: samples(({ failures }) => failures),
    },
  ];
}

function timedMetrics({ useCases, timers }: MetricsSummary): readonly ExportedMetric[] {
  return [
    {
      name: 'slotwise_use_case_duration_seconds',
      help: 'Commands by name.',
      type: 'histogram',
      samples: durations('name', useCases),
    },
    {
      name: 'slotwise_use_case_failures_total',
      help: 'Commands that answered an error.',
      type: 'counter',
      samples: counts('name', useCases, failed),
    },
    {
      name: 'slotwise_timer_duration_seconds',
      help: 'What the host has timed.',
      type: 'histogram',
      samples: durations('name', timers),
    },
    {
      name: 'slotwise_timer_failures_total',
      help: 'Of those, the ones that failed.',
      type: 'counter',
      samples: counts('name', timers, failed),
    },
  ];
}

function processMetrics({ process }: MetricsSummary): readonly ExportedMetric[] {
  const delay = process.eventLoopDelay;
  return [
    {
      name: 'slotwise_process_resident_memory_bytes',
      help: 'Memory of the process.',
      type: 'gauge',
      samples: single(process.rssBytes),
    },
    {
      name: 'slotwise_process_memory_ratio',
      help: 'Share of the memory that the process may have.',
      type: 'gauge',
      samples: single(process.memoryShare),
    },
    {
      name: 'slotwise_process_heap_used_bytes',
      help: 'Heap in use.',
      type: 'gauge',
      samples: single(process.heapUsedBytes),
    },
    {
      name: 'slotwise_process_cpu_seconds_total',
      help: 'Processor time of the process.',
      type: 'counter',
      samples: single(process.cpuSeconds),
    },
    {
      name: 'slotwise_event_loop_delay_p99_seconds',
      help: 'Delay of the event loop, 99th percentile since the last reset.',
      type: 'gauge',
      samples: single(delay === undefined ? undefined : delay.p99Ms / MS),
    },
  ];
}
