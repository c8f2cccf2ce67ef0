import { Result, type ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Session } from '../session.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';

/**
 * Which of these rows are there, and stay until the transaction is over: a reference to one that is not would fail the
 * statement for all.
 */
export const existingIds = (
  session: Session,
  operation: string,
  table: 'recruiter' | 'city',
  ids: readonly number[],
): ResultAsync<ReadonlySet<number>, RepositoryError> =>
  inBatches(
    [...new Set(ids)].sort((a, b) => a - b),
    ROWS_PER_STATEMENT,
    (batch) =>
      session
        .run(operation, 'write', (db) =>
          db.selectFrom(table).select('id').where('id', 'in', batch).orderBy('id').forKeyShare().execute(),
        )
        .andThen((rows) =>
          Result.combine(rows.map((row) => readRecord(table, row, (read) => read.integer('id')))),
        ),
  ).map((found) => new Set(found));
