import type { ResultAsync } from 'neverthrow';
import type { TableReport } from '../../../application/ports/diagnostics.ts';
import type { StatementError } from '../session.ts';
import type { Catalogue } from './catalogue.ts';
import { sdkTables } from './declared-objects.ts';

type TableRow = Omit<TableReport, 'vacuumedAt' | 'analyzedAt'> & {
  /** Milliseconds since 1970. */
  readonly vacuumed: number | null;
  readonly analyzed: number | null;
};

const statistics = `
  select relname as "table",
    n_live_tup::float8 as rows,
    n_dead_tup::float8 as "deadRows",
    pg_total_relation_size(relid)::float8 as bytes,
    pg_indexes_size(relid)::float8 as "indexBytes",
    seq_scan::float8 as "sequentialScans",
    coalesce(idx_scan, 0)::float8 as "indexScans",
    (extract(epoch from greatest(last_vacuum, last_autovacuum)) * 1000)::float8 as vacuumed,
    (extract(epoch from greatest(last_analyze, last_autoanalyze)) * 1000)::float8 as analyzed
  from pg_stat_all_tables
  where schemaname = $1 and relname = any($2)
  order by bytes desc, relname`;

export const readTableStatistics = (
  catalogue: Catalogue,
): ResultAsync<readonly TableReport[], StatementError> =>
  catalogue.rows<TableRow>('tableStatistics', statistics, [catalogue.schema, [...sdkTables]]).map((rows) =>
    rows.map(({ vacuumed, analyzed, ...table }) => ({
      ...table,
      ...(vacuumed === null ? {} : { vacuumedAt: isoOf(vacuumed) }),
      ...(analyzed === null ? {} : { analyzedAt: isoOf(analyzed) }),
    })),
  );

const isoOf = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString();
