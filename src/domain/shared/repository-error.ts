import type { ValidationError } from './validation-error.ts';

/** The database refused or failed a statement for a reason the domain does not know. */
export interface DatabaseError {
  readonly type: 'Database';
  readonly operation: string;
  readonly message: string;
  /** Five characters of PostgreSQL's error table; absent when the connection itself failed. */
  readonly sqlState?: string;
  /** Whether the same call may succeed when it is simply made again. */
  readonly retryable: boolean;
  readonly cause: unknown;
}

/** Waiting had a limit and reached it: for a free connection, for a lock, or for the statement to end. */
export interface TimeoutError {
  readonly type: 'Timeout';
  readonly operation: string;
  readonly waitedFor: 'connection' | 'lock' | 'statement';
  /** Absent when no statement had been sent yet. */
  readonly sqlState?: string;
  readonly retryable: true;
}

/** A guard of the database fired that no more specific error of the operation covers. */
export interface ConstraintViolation {
  readonly type: 'ConstraintViolation';
  readonly operation: string;
  readonly constraint: string;
  readonly sqlState: string;
  /** The offending key as PostgreSQL prints it, where it does: `99`, `7, interview`. */
  readonly key?: string;
}

/** What is stored does not form a valid entity. */
export interface CorruptRecord {
  readonly type: 'CorruptRecord';
  readonly entity: string;
  readonly message: string;
}

/** The unit of work cannot take the call in the state it is in. */
export interface UnitOfWorkStateError {
  readonly type: 'UnitOfWorkState';
  readonly state: 'committed' | 'rolled-back' | 'rollback-only' | 'read-only' | 'closed' | 'aborted';
  readonly operation: string;
}

/** What any repository call may answer, whatever it does. Cache trouble never appears here. */
export type RepositoryError =
  | ValidationError
  | DatabaseError
  | TimeoutError
  | ConstraintViolation
  | CorruptRecord
  | UnitOfWorkStateError;

/** The row was changed by somebody else since the entity was read; read it again and decide again. */
export interface StaleVersion {
  readonly type: 'StaleVersion';
  readonly entity: string;
  readonly id: number;
  /** Version of the entity that was handed in. */
  readonly expected: number;
  readonly actual: number;
}

/** Other rows refer to this one, so it can only be deactivated, not deleted. */
export interface StillReferenced {
  readonly type: 'StillReferenced';
  readonly entity: string;
  readonly id: number;
}
