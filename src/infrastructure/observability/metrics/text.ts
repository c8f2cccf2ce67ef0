import type { MetricsSummary } from './summary.ts';
import type { TimingsSummary } from './timings.ts';

/** How many names of each kind are worth a line. */
const TOP = 10;

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const ms = (value: number): string => `${value.toFixed(1)}ms`;
const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;

/** A summary for people to read. */
export function metricsText(summary: MetricsSummary): string {
  const { cache, database, process, useCases, timers } = summary;
  const { statements, transactions, pool, replicas = [] } = database;
  const { eventLoopDelay } = process;
  return [
    '=== Performance Summary ===',
    `Cache hit rate: ${percent(cache.hitRate)} of ${cache.reads} reads`,
    `  l1 ${cache.bySource.l1}, l2 ${cache.bySource.l2}, stale ${cache.bySource.stale}, database ${cache.bySource.database}`,
    `Total queries: ${statements.all.count}, avg ${ms(statements.all.averageMs)}, p95 ${ms(statements.all.p95Ms)}`,
    `Slow queries: ${statements.all.slow}`,
    `Failed queries: ${statements.all.failed}`,
    `Transactions: ${transactions.committed} committed, ${transactions.rolledBack} rolled back`,
    ...(pool === undefined
      ? []
      : [`Connections: ${pool.open - pool.idle} of ${pool.max} in use, ${pool.waiting} waiting`]),
    ...replicas.map(({ name, status, reads }) => `Replica ${name}: ${status}, ${reads} reads`),
    `Memory: ${megabytes(process.rssBytes)} (${percent(process.memoryShare)}), CPU: ${percent(process.cpuShare)}`,
    ...(eventLoopDelay === undefined ? [] : [`Event loop delay: p99 ${ms(eventLoopDelay.p99Ms)}`]),
    ...topOf('Top queries', statements),
    ...topOf('Top use cases', useCases),
    ...topOf('Top endpoints', timers),
  ].join('\n');
}

function topOf(title: string, { byName }: TimingsSummary): readonly string[] {
  const lines = Object.entries(byName)
    .slice(0, TOP)
    .map(([name, { count, averageMs }]) => `  ${name}: ${count} requests, avg ${ms(averageMs)}`);
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}
