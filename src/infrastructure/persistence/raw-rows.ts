import type { Db } from './rows/tables.ts';
import { sendCompiled } from './sent-statements.ts';

/**
 * Runs a statement that the query builder has no words for. Whoever writes it qualifies tables with the schema, and
 * hands every value over as a parameter.
 */
export function rawRows(db: Db, sql: string, parameters: readonly unknown[]): Promise<readonly unknown[]> {
  const any = db.selectNoFrom((eb) => eb.lit(1).as('one')).compile();
  return sendCompiled(db, { ...any, sql, parameters });
}
