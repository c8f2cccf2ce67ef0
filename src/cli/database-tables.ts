import type { CacheUsage, TableReport, TopStatements } from '../index.ts';
import { bytes, duration, table } from './text.ts';

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
  if (top.statements.length === 0) return 'No statement has been counted yet.';
  return table([
    ['total', 'mean', 'calls', 'rows', 'statement'],
    ...top.statements.map((one) => [
      duration(one.totalMs),
      duration(one.meanMs),
      one.calls,
      one.rows,
      one.query.replaceAll(/\s+/g, ' '),
    ]),
  ]);
}

/** Of what was looked up; `undefined` while nothing was. */
export const hitRateOf = ({ hits, misses }: Pick<CacheUsage, 'hits' | 'misses'>): number | undefined =>
  hits + misses === 0 ? undefined : hits / (hits + misses);

export const memoryText = ({ usedBytes, maxBytes }: Pick<CacheUsage, 'usedBytes' | 'maxBytes'>): string =>
  maxBytes === 0 ? `${bytes(usedBytes)}, no limit` : `${bytes(usedBytes)} of ${bytes(maxBytes)}`;
