import type { StatementReport } from '../index.ts';
import { duration, table } from './text.ts';

/** What PostgreSQL has counted of statements. */
export function statementTable(statements: readonly StatementReport[]): string {
  if (statements.length === 0) return 'No statement has been counted yet.';
  return table([
    ['total', 'mean', 'calls', 'rows', 'statement'],
    ...statements.map((one) => [
      duration(one.totalMs),
      duration(one.meanMs),
      one.calls,
      one.rows,
      one.query.replaceAll(/\s+/g, ' '),
    ]),
  ]);
}
