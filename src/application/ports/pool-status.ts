import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** Connections of the SDK's own pool. */
export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  readonly max: number;
}

/** Connections to the database server, of everybody who uses it. */
export interface ServerConnections {
  readonly available: true;
  /** With the `application_name` of the SDK: `slotwise`, unless the URL or a lent MikroORM says otherwise. */
  readonly ofSdk: number;
  readonly all: number;
  /** `max_connections` less those that are kept for administrators. */
  readonly max: number;
  /** Sessions of the SDK whose transaction is open and does nothing. They hold their locks, and rows cannot be cleared away. */
  readonly idleInTransaction: {
    readonly count: number;
    /** Milliseconds since the last statement of the one that was idle for longest; 0 where there is none. */
    readonly longestMs: number;
  };
}

export interface PoolStatus {
  /** Of this process, when it was asked; absent where the connections are not the SDK's. */
  readonly pool?: PoolUse & {
    /** Share of `max` that is in use. */
    readonly use: number;
  };
  /** Absent where everything is in this process. */
  readonly server?:
    | ServerConnections
    /** Asking needs a connection as well. */
    | { readonly available: false; readonly error: RepositoryError };
}
