import type { ResultAsync } from 'neverthrow';
import { rawRows } from '../raw-rows.ts';
import type { Session, StatementError } from '../session.ts';

/** PostgreSQL's own account of the SDK's schema. */
export class Catalogue {
  readonly session: Session;
  readonly schema: string;

  constructor(session: Session, schema: string) {
    this.session = session;
    this.schema = schema;
  }

  /** @typeParam Row what the statement selects; it casts its numbers so that every driver answers them as such */
  rows<Row>(
    operation: string,
    sql: string,
    parameters: readonly unknown[] = [],
  ): ResultAsync<readonly Row[], StatementError> {
    return this.session.run(
      `diagnostics.${operation}`,
      'read',
      (db) => rawRows(db, sql, parameters) as Promise<readonly Row[]>,
    );
  }
}
