import { ConnectionTimeout, toStatementFailure } from '../error-mapping.ts';

/** A replica may not have replayed a migration that its readers have been waiting for; or the statement is wrong. */
const notThereYet = new Set([
  '3F000', // invalid schema name
  '42P01', // undefined table
  '42703', // undefined column
]);

/** Replay and the statement stood in each other's way; the next statement may not meet it. */
const conflicts = new Set([
  '40001', // canceled, because replay needed what it read
  '40P01', // a deadlock with replay
]);

/**
 * Whose fault it was that a statement on a replica failed: the replica's, which then had better be left alone; that of
 * the moment, when anything but the statement may be to blame; or the statement's own, which fails anywhere.
 */
export function replicaFault(cause: unknown): 'replica' | 'moment' | 'statement' {
  // Its pool may be full, or the server away; looking at it tells which.
  if (cause instanceof ConnectionTimeout) return 'moment';
  const failure = toStatementFailure('replica', cause);
  if (failure.type === 'Timeout') return failure.waitedFor === 'connection' ? 'moment' : 'statement';
  if (failure.type !== 'Database') return 'statement';
  const { sqlState = '', retryable } = failure;
  if (conflicts.has(sqlState) || notThereYet.has(sqlState)) return 'moment';
  return retryable ? 'replica' : 'statement';
}
