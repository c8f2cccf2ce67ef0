import { okAsync, type ResultAsync } from 'neverthrow';
import type { Position } from '../../../domain/shared/page.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Db } from '../rows/tables.ts';
import type { Session } from '../session.ts';

/** The part of a select statement that can count what it would select; the builder's own type is too precise. */
interface Countable {
  select(of: (eb: CountingExpression) => unknown): { executeTakeFirst(): Promise<unknown> };
}

interface CountingExpression {
  readonly fn: { countAll(): { as(alias: string): unknown } };
}

/** How many rows a list has, for a page that wants to know. The query selects no columns yet, and has no order. */
export function countIfWanted(
  session: Session,
  { total }: Position,
  operation: string,
  query: (db: Db) => unknown,
): ResultAsync<number | undefined, RepositoryError> {
  if (total !== true) return okAsync(undefined);
  return session
    .run(operation, 'read', (db) =>
      (query(db) as Countable).select((eb) => eb.fn.countAll().as('total')).executeTakeFirst(),
    )
    .andThen((row) => readRecord('count', row, (read) => read.integer('total')));
}
