import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { PoolStatus } from './pool-status.ts';
import type { QueryDiagnostics } from './query-diagnostics.ts';

/** What the doctor looks at. */
export type DoctorCheck =
  | 'schema'
  | 'extension'
  | 'guards'
  | 'indexes'
  | 'time-zones'
  | 'clocks'
  | 'replicas'
  | 'cache-memory'
  | 'outbox'
  | 'drift'
  | 'durability';

export interface DoctorFinding {
  readonly check: DoctorCheck;
  /** `critical`: data is wrong, or nothing keeps it from going wrong. `warning`: something will be slow, late or not done. */
  readonly level: 'ok' | 'warning' | 'critical';
  readonly message: string;
  /** What to do about it, where there is something to do. */
  readonly remedy?: string;
}

export interface DoctorOptions {
  /** Also looks at what only matters where data has to last; `false` when left out. */
  readonly production?: boolean;
}

/** An index of the SDK's schema. */
export interface IndexReport {
  readonly table: string;
  readonly name: string;
  /** `invalid`: it was left half built, so that it costs writes and answers nothing. */
  readonly state: 'present' | 'invalid' | 'missing';
  /** Whether a migration declares it; somebody else has added it where not. */
  readonly declared: boolean;
  /** Whether it also keeps rows from being wrong: it is unique, or excludes. */
  readonly guards: boolean;
  readonly bytes: number;
  /** How often it was used since the statistics of the database began; 0 for one that only guards. */
  readonly scans: number;
}

/** A table of the SDK's own. Rows are what PostgreSQL estimates. */
export interface TableReport {
  readonly table: string;
  readonly rows: number;
  /** Versions of rows that nobody sees any more and `vacuum` would reuse. */
  readonly deadRows: number;
  /** With its indexes. */
  readonly bytes: number;
  readonly indexBytes: number;
  readonly sequentialScans: number;
  readonly indexScans: number;
  /** ISO 8601 in UTC, by hand or by itself; absent when that has not happened since the statistics began. */
  readonly vacuumedAt?: string;
  readonly analyzedAt?: string;
}

export interface MaintenanceOptions {
  /** Told before each table. */
  readonly onProgress?: (progress: {
    readonly table: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

export interface MaintainedTable {
  readonly table: string;
  readonly durationMs: number;
}

export interface CreateIndexesOptions {
  /** Told before each index. */
  readonly onProgress?: (progress: {
    readonly table: string;
    readonly name: string;
    readonly done: number;
    readonly total: number;
  }) => void;
  /** Stops before the next index; one that is being built is finished. */
  readonly signal?: AbortSignal;
}

/** What became of an index that was missing or invalid. */
export type IndexOutcome = { readonly table: string; readonly name: string } & (
  | {
      /** `rebuilt`: an invalid one, left by a build that was interrupted, was dropped first. */
      readonly outcome: 'created' | 'rebuilt';
      readonly durationMs: number;
    }
  | { readonly outcome: 'failed'; readonly error: RepositoryError }
  /** The signal came first. */
  | { readonly outcome: 'left' }
);

/** A statement on the SDK's tables, with its constants left out, and what it has cost since the counts were reset. */
export interface StatementReport {
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly rows: number;
}

/** Why nothing is known of statements. */
export interface StatementsNotCounted {
  readonly available: false;
  /** `not-created`: the extension is not in this database. `not-loaded`: the server was started without its library. */
  readonly reason: 'not-created' | 'not-loaded';
  readonly remedy: string;
}

export type TopStatements =
  | { readonly available: true; readonly statements: readonly StatementReport[] }
  | StatementsNotCounted;

export type ResetStatements = { readonly available: true; readonly forgotten: number } | StatementsNotCounted;

/**
 * What a PostgreSQL server and its database have done up to now. Counts only grow, so that rates are differences of two
 * answers; they begin anew when somebody resets the statistics.
 */
export interface DatabaseActivity {
  /** Of the whole database. */
  readonly commits: number;
  readonly rollbacks: number;
  readonly deadlocks: number;
  /** Of the whole database; `undefined` without the extension `pg_stat_statements`. */
  readonly statements: number | undefined;
  /** Bookings that began within the last minute, 1,000 at most. */
  readonly bookingsInLastMinute: number;
}

/** Looks after the database and what surrounds it, for whoever operates it. Every call goes past the cache. */
export interface Diagnostics extends QueryDiagnostics {
  /**
   * Looks for what does not show until it hurts: guards that are gone or not enforced, migrations that are missing, clocks
   * that differ, events that nobody delivers, slots and bookings that disagree. Answers at least one finding for each
   * check; an `Err` only when the database cannot be asked. Changes nothing.
   *
   * One statement at a time on one connection; looks at every slot and every live booking, so not for a probe.
   */
  doctor(options?: DoctorOptions): ResultAsync<readonly DoctorFinding[], RepositoryError>;
  /**
   * How the SDK's connections are used, in this process and on the server. Never fails: where the server cannot be asked,
   * which needs a connection as well, `server` says why. One statement.
   */
  poolStatus(): Promise<PoolStatus>;
  /** Every index of the schema, and those that migrations declare and that are not there. One statement. */
  indexes(): ResultAsync<readonly IndexReport[], RepositoryError>;
  /**
   * Creates those indexes that migrations declare for speed and that are missing or invalid, one after the other, while
   * reads and writes go on (`create index concurrently`). Unique ones and constraints keep rows from being wrong, and are
   * left to migrations. Answers what became of each, nothing where all are there; one that fails keeps no other from being
   * built, and may leave an invalid one that the next call rebuilds. An `Err` where the connection is lost on the way.
   *
   * A build has no limit of time, waits for transactions that are older than it, and takes one connection. Where another
   * process is at it, the answer is `Timeout` for a `lock`, at once. The role must own the tables.
   */
  createIndexes(options?: CreateIndexesOptions): ResultAsync<readonly IndexOutcome[], RepositoryError>;
  /** The SDK's tables, the largest first. One statement. */
  tableStatistics(): ResultAsync<readonly TableReport[], RepositoryError>;
  /**
   * Has PostgreSQL learn anew what the SDK's tables hold, one after the other and without the limit that statements usually
   * have. Reads and writes go on meanwhile. A role that owns the tables is needed: others are told nothing and change nothing.
   */
  analyze(options?: MaintenanceOptions): ResultAsync<readonly MaintainedTable[], RepositoryError>;
  /** The same for `vacuum`, which makes room where rows were changed or removed. Gives nothing back to the system. */
  vacuum(options?: MaintenanceOptions): ResultAsync<readonly MaintainedTable[], RepositoryError>;
  /**
   * The statements on the SDK's tables that have taken most time, in all or, with `mean`, each time; `limit` at most (10 when
   * left out; 1 to 1,000), of every process that uses this database. `Validation` for another limit.
   */
  topStatements(limit?: number, by?: 'total' | 'mean'): ResultAsync<TopStatements, RepositoryError>;
  /**
   * Forgets what `topStatements` counts, for everybody who looks: of statements on the SDK's tables alone. Answers how many
   * there were. A role that may call `pg_stat_statements_reset` is needed, a superuser unless that was granted.
   */
  resetTopStatements(): ResultAsync<ResetStatements, RepositoryError>;
  /** What the database has done up to now. Three small statements, for whoever looks on every few seconds. */
  activity(): ResultAsync<DatabaseActivity, RepositoryError>;
}
