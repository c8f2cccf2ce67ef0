import type { ResultAsync } from 'neverthrow';
import type { IndexReport } from '../../../application/ports/diagnostics.ts';
import type { StatementError } from '../session.ts';
import type { Catalogue } from './catalogue.ts';
import { declaredObjects } from './declared-objects.ts';

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly valid: boolean;
  readonly guards: boolean;
  readonly bytes: number;
  readonly scans: number;
}

const declaredIndexes = Object.entries(declaredObjects).flatMap(
  ([table, { keys, uniqueIndexes = [], indexes = {} }]) => [
    ...[...keys, ...uniqueIndexes].map((name) => ({ table, name, guards: true })),
    ...Object.keys(indexes).map((name) => ({ table, name, guards: false })),
  ],
);

const present = `
  select tables.relname as "table", indexes.relname as name, indisvalid as valid,
    indisunique or indisexclusion as guards,
    pg_relation_size(indexes.oid)::float8 as bytes,
    coalesce(pg_stat_get_numscans(indexes.oid), 0)::float8 as scans
  from pg_index join pg_class indexes on indexes.oid = indexrelid join pg_class tables on tables.oid = indrelid
  where tables.relnamespace = to_regnamespace($1)
  order by tables.relname, indexes.relname`;

export const readIndexes = (catalogue: Catalogue): ResultAsync<readonly IndexReport[], StatementError> =>
  catalogue.rows<IndexRow>('indexes', present, [`"${catalogue.schema}"`]).map((rows) => {
    const found = new Set(rows.map(({ name }) => name));
    const declared = new Set(declaredIndexes.map(({ name }) => name));
    const missing = declaredIndexes.filter(({ name }) => !found.has(name));
    return [
      ...missing.map((index) => ({
        ...index,
        state: 'missing' as const,
        declared: true,
        bytes: 0,
        scans: 0,
      })),
      ...rows.map(({ valid, ...index }) => ({
        ...index,
        state: valid ? ('present' as const) : ('invalid' as const),
        declared: declared.has(index.name),
      })),
    ];
  });
