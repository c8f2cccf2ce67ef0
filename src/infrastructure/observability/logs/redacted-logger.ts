import type { Logger } from '../../../application/ports/logger.ts';
import { withFields } from './with-fields.ts';

/**
 * Keeps contents out of the log. Drivers attach to their errors what they were doing: ioredis the command with its
 * arguments, among them the password of `AUTH`, PostgreSQL the values of the row that a guard refused. Other errors, which
 * may be the host's own, are logged as they are.
 */
export const redactedLogger = (logger: Logger): Logger =>
  withFields(logger, (fields) =>
    'err' in fields ? { ...fields, err: withoutContents(fields.err) } : fields,
  );

/** What only errors of ioredis, and of PostgreSQL, have. */
const marks = ['command', 'previousErrors', 'lastNodeError', 'severity'];

function withoutContents(error: unknown): unknown {
  if (error instanceof Error) return marks.some((mark) => mark in error) ? bare(error) : error;
  // The SDK's own errors are plain objects around what a driver has thrown.
  return typeof error === 'object' && error !== null && 'cause' in error
    ? { ...error, cause: withoutContents(error.cause) }
    : error;
}

function bare(error: Error): Error {
  const copy = new Error(error.message);
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = error.stack;
  return 'code' in error ? Object.assign(copy, { code: error.code }) : copy;
}
