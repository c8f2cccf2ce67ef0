import type { Db } from './rows/tables.ts';

/**
 * Runs a statement that the query builder has no words for. Whoever writes it qualifies tables with the schema, and
 * hands every value over as a parameter.
 */
export async function rawRows(
  db: Db,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly unknown[]> {
  const queryId = { queryId: 'raw' };
  // So that what watches the builder sees it like any other statement.
  const query = db
    .getExecutor()
    .transformQuery({ kind: 'RawNode', sqlFragments: [sql], parameters: [] }, queryId);
  const { rows } = await db.executeQuery<unknown>({ query, queryId, sql, parameters });
  return rows;
}
