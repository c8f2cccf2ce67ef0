import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { rawRows } from '../raw-rows.ts';
import type { Session } from '../session.ts';
import { lockNames } from './slot-statements.ts';

/**
 * Waits until no other transaction is storing many rows with unique keys. Whoever stores a key waits for others who have
 * stored it and not committed yet, so lists that overlap in another order would wait in a circle. One lock stands for all
 * tables, since their order in a transaction is the host's: one for each would be a circle of its own.
 */
export const lockBulkWrites = (
  session: Session,
  operation: string,
  schema: string,
): ResultAsync<void, RepositoryError> =>
  session
    .run(operation, 'write', (db) =>
      rawRows(db, lockNames('exclusive'), [[`slotwise:${schema}:bulk-writes`]]),
    )
    .map(() => undefined);
