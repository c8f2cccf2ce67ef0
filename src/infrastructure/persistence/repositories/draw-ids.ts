import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { readRecord } from '../../records/record-reader.ts';
import { rawRows } from '../raw-rows.ts';
import type { Session } from '../session.ts';

/** Ids for new rows, which tell afterwards which of them were stored. */
export const drawIds = (
  session: Session,
  operation: string,
  { schema, table, count }: { readonly schema: string; readonly table: string; readonly count: number },
): ResultAsync<readonly number[], RepositoryError> =>
  session
    .run(operation, 'write', (db) =>
      rawRows(
        db,
        `select array_agg(nextval('"${schema}".${table}_id_seq')) as ids from generate_series(1, $1::integer)`,
        [count],
      ),
    )
    .andThen(([row]) => readRecord(table, row, (read) => read.integers('ids')));
