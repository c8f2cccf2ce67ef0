import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** A statement of this process that took longer than `metrics.slowStatementMs`, or ran into a limit of time. */
export interface SlowStatement {
  /** The repository method, such as `slots.getFreeForCity`, or the name that a host gave. */
  readonly operation: string;
  /** Every value stands as `?`, and lists of values are one; 2,000 characters at most. */
  readonly sql: string;
  /** How often it was slow. */
  readonly calls: number;
  /** Of those, how often it failed: it ran into a limit of time, as a rule. */
  readonly failed: number;
  /** Of the slow calls alone, without waiting for a connection. */
  readonly totalMs: number;
  readonly maxMs: number;
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
}

/** A statement that units of work have sent again and again, which is mostly a list that is read one by one. */
export interface RepeatedStatement {
  readonly operation: string;
  /** As in `SlowStatement`. */
  readonly sql: string;
  /** In how many units of work. */
  readonly unitsOfWork: number;
  /** How often in one of them, at most. */
  readonly most: number;
  /**
   * Where it was called from the last time it was noticed: frames outside the SDK, the innermost first, 10 at most. None
   * where Redis was asked first: nobody knows any more by then.
   */
  readonly stack: readonly string[];
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
}

/** One step of a plan, as PostgreSQL describes it. */
export interface PlanNode {
  /** `Index Scan`, `Seq Scan`, `Sort` … */
  readonly kind: string;
  readonly table?: string;
  readonly index?: string;
  /** What the rows have to fulfil, whether an index finds them or each is looked at. */
  readonly condition?: string;
  /** Of all its turns together where they were counted, by `analyze`; otherwise of one. */
  readonly estimatedRows: number;
  /** In PostgreSQL's own unit. */
  readonly cost: number;
  /** Only with `analyze`; of all its turns together. */
  readonly actualRows?: number;
  readonly actualMs?: number;
  readonly children: readonly PlanNode[];
}

/** How PostgreSQL answers, or would answer, a query of the SDK. */
export interface Explanation {
  readonly name: string;
  /** As `slowStatements` and instrumentation name it. */
  readonly operation: string;
  /** Every value stands as `?`. */
  readonly sql: string;
  readonly plan: PlanNode;
  /** The steps that read a whole table. On a table of a few rows that is the quickest way. */
  readonly sequentialScans: readonly PlanNode[];
  /** Only with `analyze`. */
  readonly executionMs?: number;
}

export interface ExplainOptions {
  /** Also runs it, in a transaction that can only read and is rolled back; `false` when left out. */
  readonly analyze?: boolean;
}

export interface Recommendation {
  readonly rule:
    | 'missing-index'
    | 'sequential-scans'
    | 'unused-index'
    | 'slow-statement'
    | 'repeated-statement';
  /** The table, index or operation it is about. */
  readonly subject: string;
  readonly message: string;
  readonly remedy: string;
}

/** What statements cost, and what could be done about it. */
export interface QueryDiagnostics {
  /**
   * What this process has noticed; asks nobody. Those that took most time first; one for each operation and text,
   * `queries.maxSlow` of them (100) at most.
   */
  slowStatements(): readonly SlowStatement[];
  resetSlowStatements(): void;
  /**
   * What this process has noticed; asks nobody. Those that came most often first, 100 at most; none unless `queries.repeats`
   * is on.
   */
  repeatedStatements(): readonly RepeatedStatement[];
  resetRepeatedStatements(): void;
  /** What `explain` knows, by the repository method. */
  readonly namedQueries: readonly string[];
  /**
   * Asks PostgreSQL for its plan of the statement that a repository sends, with ids of rows that are there. `Validation` for a
   * name that is not among `namedQueries`. The limit of time of other statements holds, for `analyze` too.
   */
  explain(name: string, options?: ExplainOptions): ResultAsync<Explanation, RepositoryError>;
  /**
   * What the catalogue and this process's own statements give reason to: two statements on the catalogue, no reading of tables.
   * None where nothing stands out.
   */
  recommendations(): ResultAsync<readonly Recommendation[], RepositoryError>;
}
