import type {
  ConstraintViolation,
  DatabaseError,
  TimeoutError,
} from '../../domain/shared/repository-error.ts';

/** No connection became free in time; thrown by `Database` before any statement was sent. */
export class ConnectionTimeout extends Error {
  constructor() {
    super('no database connection became free in time');
  }
}

export type StatementFailure = DatabaseError | TimeoutError | ConstraintViolation;

/** Classes 08 (connection) and these states pass by themselves; see PostgreSQL's appendix "Error Codes". */
const transientStates = new Set([
  '25P03', // a transaction was idle for too long
  '40001', // serialization failure
  '40P01', // deadlock detected
  '53300', // too many connections
  '57P01', // administrator shut the server down
  '57P02', // crash shutdown
  '57P03', // cannot connect now
]);

/** What to do where the server's own words leave that open. */
const remedies: Readonly<Record<string, string>> = {
  '53300':
    'the pools of all processes together (`database.pool.max` each) have to be smaller than `max_connections` of the server',
};

/** What somebody who operates the database has to know of a failure. */
export function messageOf(cause: unknown): string {
  const { code = '', message } = describe(cause);
  const remedy = remedies[code];
  return remedy === undefined ? message : `${message}; ${remedy}`;
}

/** With these the server ends the connection. */
const endingStates = new Set(['25P03', '57P01', '57P02']);

/** What the driver and the system say of a connection that was there and is no more. */
const endings = /^Connection terminated(?! due to connection timeout)|not queryable|\b(ECONNRESET|EPIPE)\b/;

/** Whether a connection that had been made ended: not one that could not be made, nor a server that said no. */
export function connectionBroke(cause: unknown): boolean {
  const { code, message } = describe(cause);
  return code === undefined ? endings.test(message) : endingStates.has(code);
}

/** Translates what a driver threw; the only place that knows SQLSTATEs. */
export function toStatementFailure(operation: string, cause: unknown): StatementFailure {
  const { code, constraint, key, message } = describe(cause);
  if (cause instanceof ConnectionTimeout || /timeout exceeded when trying to connect/.test(message))
    return { type: 'Timeout', operation, waitedFor: 'connection', retryable: true };
  if (code === '57014')
    return { type: 'Timeout', operation, waitedFor: 'statement', sqlState: code, retryable: true };
  if (code === '55P03')
    return { type: 'Timeout', operation, waitedFor: 'lock', sqlState: code, retryable: true };
  if (code?.startsWith('23') === true && constraint !== undefined)
    return {
      type: 'ConstraintViolation',
      operation,
      constraint,
      sqlState: code,
      ...(key === undefined ? {} : { key }),
    };
  // Without a SQLSTATE the connection itself failed, which another attempt on a new one may not.
  const retryable = code === undefined || code.startsWith('08') || transientStates.has(code);
  return {
    type: 'Database',
    operation,
    message: messageOf(cause),
    retryable,
    cause,
    ...(code === undefined ? {} : { sqlState: code }),
  };
}

/** Each of PostgreSQL's own has a digit, which tells them from what the system says, as `EPIPE`. */
const SQLSTATE = /^(?=.*\d)[\dA-Z]{5}$/;

interface Description {
  readonly code?: string;
  readonly constraint?: string;
  readonly key?: string;
  readonly message: string;
}

function describe(cause: unknown): Description {
  const { code, constraint, detail, message } = (cause ?? {}) as Readonly<Record<string, unknown>>;
  // `Key (city_id)=(99) is not present …`: the words depend on the server's language, the brackets do not.
  const key = typeof detail === 'string' ? /\)=\((.*?)\)/.exec(detail)?.[1] : undefined;
  return {
    message: typeof message === 'string' ? message : String(cause),
    ...(typeof code === 'string' && SQLSTATE.test(code) ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(key === undefined ? {} : { key }),
  };
}
