import type { CacheServer, PoolStatus, TableReport, TopStatements } from '../index.ts';
import { hitRateOf } from './cache-usage.ts';
import { explain } from './cli-error.ts';
import { statementTable } from './statement-table.ts';
import { amount, bytes, duration, percent, table } from './text.ts';

export const tableText = (tables: readonly TableReport[]): string =>
  table([
    ['table', 'rows', 'dead', 'size', 'of it indexes', 'full scans', 'index scans', 'analyzed'],
    ...tables.map((one) => [
      one.table,
      one.rows,
      one.deadRows,
      bytes(one.bytes),
      bytes(one.indexBytes),
      one.sequentialScans,
      one.indexScans,
      one.analyzedAt ?? 'never',
    ]),
  ]);

export function statementText(top: TopStatements): string {
  if (!top.available) return `Which statements cost most is not known: ${top.remedy}`;
  return statementTable(top.statements);
}

/** Connections to PostgreSQL. */
export function connectionText(server: PoolStatus['server']): string {
  if (server === undefined) return 'There is no server.';
  if (!server.available) return `How many connections there are is not known: ${explain(server.error)}`;
  const { all, max, ofSdk, idleInTransaction } = server;
  const { count, longestMs } = idleInTransaction;
  const idle = count === 0 ? '' : `; ${amount(count, 'transaction')} idle, for up to ${duration(longestMs)}`;
  return `${all} of ${max} connections, ${ofSdk} of them of the SDK${idle}.`;
}

export const redisTable = (servers: readonly CacheServer[]): string =>
  table([
    [
      'server',
      'version',
      'memory',
      'limit',
      'eviction',
      'evicted',
      'expired',
      'hits',
      'clients',
      'commands/s',
    ],
    ...servers.map((one) => [
      one.address ?? 'unknown',
      one.version,
      bytes(one.memory.bytes),
      one.memory.maxBytes === 0 ? 'none' : bytes(one.memory.maxBytes),
      one.memory.evictionPolicy,
      one.evictions,
      one.expirations,
      percent(hitRateOf(one)),
      `${one.clients} of ${one.maxClients}`,
      one.commandsPerSecond,
    ]),
  ]);
