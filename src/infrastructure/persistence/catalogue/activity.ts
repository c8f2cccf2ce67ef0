import { okAsync, type ResultAsync } from 'neverthrow';
import type { DatabaseActivity } from '../../../application/ports/diagnostics.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import type { Catalogue } from './catalogue.ts';
import { whereCounted } from './top-statements.ts';

type ActivityRow = Omit<DatabaseActivity, 'statements'>;

/** Ids are drawn one after the other, so the latest bookings have the highest, and an index knows them. */
const activity = (schema: string): string => `
  select
    xact_commit::float8 as commits,
    xact_rollback::float8 as rollbacks,
    deadlocks::float8 as deadlocks,
    (select count(*) from (select created_at from "${schema}".booking order by id desc limit 1000) latest
      where created_at > clock_timestamp() - interval '1 minute')::float8 as "bookingsInLastMinute"
  from pg_stat_database where datname = current_database()`;

export const readActivity = (catalogue: Catalogue): ResultAsync<DatabaseActivity, RepositoryError> =>
  catalogue
    .rows<ActivityRow>('activity', activity(catalogue.schema))
    .andThen(([row]) =>
      statementsSent(catalogue).map((statements) => ({ ...(row as ActivityRow), statements })),
    );

/** The view is asked without its texts, which it would read from a file. */
const statementsSent = (catalogue: Catalogue): ResultAsync<number | undefined, RepositoryError> =>
  whereCounted(catalogue, (home) =>
    catalogue
      .rows<{ readonly calls: number }>(
        'activity',
        `select coalesce(sum(calls), 0)::float8 as calls from ${home}.pg_stat_statements(false)
         where dbid = (select oid from pg_database where datname = current_database())`,
      )
      .map(([counted]) => counted?.calls),
  )
    .map((calls) => (typeof calls === 'number' ? calls : undefined))
    // Its numbers may be for others: the rest is known all the same.
    .orElse(() => okAsync(undefined));
