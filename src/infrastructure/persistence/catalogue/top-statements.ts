import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow';
import type {
  ResetStatements,
  StatementReport,
  StatementsNotCounted,
  TopStatements,
} from '../../../application/ports/diagnostics.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { validationError } from '../../../domain/shared/validation-error.ts';
import type { Catalogue } from './catalogue.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

/** What PostgreSQL answers when the library behind an extension was not loaded at its start. */
const NOT_LOADED = '55000';

export const notCreated: StatementsNotCounted = {
  available: false,
  reason: 'not-created',
  remedy:
    'add pg_stat_statements to shared_preload_libraries, unless it is there, restart PostgreSQL, then: create extension pg_stat_statements;',
};

const notLoaded: StatementsNotCounted = {
  available: false,
  reason: 'not-loaded',
  remedy: 'add pg_stat_statements to shared_preload_libraries and restart PostgreSQL',
};

export function readTopStatements(
  catalogue: Catalogue,
  limit = DEFAULT_LIMIT,
  by: 'total' | 'mean' = 'total',
): ResultAsync<TopStatements, RepositoryError> {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return errAsync(validationError('limit', `must be a whole number from 1 to ${MAX_LIMIT}`));
  if (!Object.hasOwn(orders, by)) return errAsync(validationError('by', 'must be total or mean'));
  return whereCounted(catalogue, (home) =>
    catalogue
      .rows<StatementReport>(
        'topStatements',
        `select query, calls::float8 as calls, total_exec_time as "totalMs", mean_exec_time as "meanMs", rows::float8 as rows
         from ${home}.pg_stat_statements where ${ours}
         order by ${orders[by]} desc limit $2`,
        [`"${catalogue.schema}".`, limit],
      )
      .map((statements) => ({ available: true, statements })),
  );
}

export const resetTopStatements = (catalogue: Catalogue): ResultAsync<ResetStatements, RepositoryError> =>
  whereCounted(catalogue, (home) =>
    catalogue
      .rows<{ readonly forgotten: number }>(
        'resetTopStatements',
        `select count(${home}.pg_stat_statements_reset(userid, dbid, queryid))::float8 as forgotten
         from ${home}.pg_stat_statements where ${ours} and queryid <> 0`,
        [`"${catalogue.schema}".`],
      )
      .map(([row]) => ({ available: true, forgotten: row?.forgotten ?? 0 })),
  );

const orders = { total: 'total_exec_time', mean: 'mean_exec_time' } as const;

/** Of this database, and on tables of the schema; for somebody else's a reset would be a loss. */
const ours = `dbid = (select oid from pg_database where datname = current_database()) and position($1 in query) > 0`;

/** The extension may have been created in any schema; PostgreSQL quotes its name where that is needed. */
export const whereCounted = <T>(
  catalogue: Catalogue,
  ask: (home: string) => ResultAsync<T, RepositoryError>,
): ResultAsync<T | StatementsNotCounted, RepositoryError> =>
  catalogue
    .rows<{ readonly home: string }>(
      'topStatements',
      `select extnamespace::regnamespace::text as home from pg_extension where extname = 'pg_stat_statements'`,
    )
    .andThen(([extension]): ResultAsync<T | StatementsNotCounted, RepositoryError> =>
      extension === undefined ? okAsync(notCreated) : ask(extension.home),
    )
    .orElse((error) =>
      error.type === 'Database' && error.sqlState === NOT_LOADED ? ok(notLoaded) : err(error),
    );
