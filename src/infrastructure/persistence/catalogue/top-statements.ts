import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow';
import type { StatementReport, TopStatements } from '../../../application/ports/diagnostics.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { validationError } from '../../../domain/shared/validation-error.ts';
import type { Catalogue } from './catalogue.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

/** What PostgreSQL answers when the library behind an extension was not loaded at its start. */
const NOT_LOADED = '55000';

export const notCreated: TopStatements = {
  available: false,
  reason: 'not-created',
  remedy: 'create extension pg_stat_statements;',
};

const notLoaded: TopStatements = {
  available: false,
  reason: 'not-loaded',
  remedy: "set shared_preload_libraries = 'pg_stat_statements' and restart PostgreSQL",
};

export function readTopStatements(
  catalogue: Catalogue,
  limit = DEFAULT_LIMIT,
): ResultAsync<TopStatements, RepositoryError> {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return errAsync(validationError('limit', `must be a whole number from 1 to ${MAX_LIMIT}`));
  return schemaOfExtension(catalogue).andThen((home) =>
    home === undefined ? okAsync(notCreated) : statementsIn(catalogue, home, limit),
  );
}

/** The extension may have been created in any schema; PostgreSQL quotes its name where that is needed. */
export const schemaOfExtension = (catalogue: Catalogue): ResultAsync<string | undefined, RepositoryError> =>
  catalogue
    .rows<{ readonly home: string }>(
      'topStatements',
      `select extnamespace::regnamespace::text as home from pg_extension where extname = 'pg_stat_statements'`,
    )
    .map(([extension]) => extension?.home);

const statementsIn = (
  catalogue: Catalogue,
  home: string,
  limit: number,
): ResultAsync<TopStatements, RepositoryError> =>
  catalogue
    .rows<StatementReport>(
      'topStatements',
      `select query, calls::float8 as calls, total_exec_time as "totalMs", mean_exec_time as "meanMs", rows::float8 as rows
       from ${home}.pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and position($1 in query) > 0
       order by total_exec_time desc limit $2`,
      [`"${catalogue.schema}".`, limit],
    )
    .map((statements): TopStatements => ({ available: true, statements }))
    .orElse((error) =>
      error.type === 'Database' && error.sqlState === NOT_LOADED ? ok(notLoaded) : err(error),
    );
