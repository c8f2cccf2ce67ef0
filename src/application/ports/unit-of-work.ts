import type { Result, ResultAsync } from 'neverthrow';
import type { AuditRepository } from '../../domain/audit/audit-repository.ts';
import type { BlockedPeriodRepository } from '../../domain/blocked-period/blocked-period-repository.ts';
import type { BookingRepository } from '../../domain/booking/booking-repository.ts';
import type { CandidateRepository } from '../../domain/candidate/candidate-repository.ts';
import type { CityRepository } from '../../domain/city/city-repository.ts';
import type { MessageTemplateRepository } from '../../domain/message-template/message-template-repository.ts';
import type { RecruiterRepository } from '../../domain/recruiter/recruiter-repository.ts';
import type { RescheduleRepository } from '../../domain/reschedule/reschedule-repository.ts';
import type { InboxRepository } from '../../domain/inbox/inbox-repository.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type {
  ConstraintViolation,
  DatabaseError,
  RepositoryError,
  TimeoutError,
  UnitOfWorkStateError,
} from '../../domain/shared/repository-error.ts';
import type { SlotRepository } from '../../domain/slot/slot-repository.ts';
import type { ActionTokenRepository } from '../../domain/token/action-token-repository.ts';
import type { WaitlistRepository } from '../../domain/waitlist/waitlist-repository.ts';
import type { Anchor } from '../caching/anchors.ts';
import type { EventOutbox } from './event-outbox.ts';
import type { Loaders } from './loaders.ts';
import type { IdempotencyRecords } from './idempotency-records.ts';
import type { QueryLog } from './query-log.ts';

/** What became of the cache when a transaction was committed. */
export interface CommitReport {
  /**
   * `applied`: no read that starts from now on, in any process, is answered with an older value.
   * `deferred`: the data is committed, but the cache could not be told; older values may be seen until it can.
   */
  readonly invalidation: 'applied' | 'deferred';
}

export type CommitError = DatabaseError | TimeoutError | ConstraintViolation | UnitOfWorkStateError;

/** Work that was handed over threw instead of answering an `Err`; where it was a transaction, everything was rolled back. */
export interface UnexpectedError {
  readonly type: 'Unexpected';
  readonly message: string;
  readonly cause: unknown;
}

export type TransactionError = CommitError | UnexpectedError;

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface UnitOfWorkOptions {
  /** Writes answer `UnitOfWorkState`. */
  readonly readOnly?: boolean;
  /**
   * `replica`: reads that no cache answers go to a read replica, for as long as the unit of work has neither written nor
   * locked anything; then, and where no replica may answer, they go to the primary. Such reads can be older than what this
   * process has committed itself, by `maxReplicaLagMs` at most, and never get into the cache. `primary` when left out.
   */
  readonly readFrom?: 'primary' | 'replica';
  /** `read committed` when left out. A stricter one neither reads nor fills the cache: it would mix snapshots. */
  readonly isolation?: Isolation;
  /** No further statement is sent once it is aborted; a transaction that is open can then only be rolled back. */
  readonly signal?: AbortSignal;
  /** Names what the host is doing, in the audit trail and in events; 200 characters at most. */
  readonly correlationId?: string;
  /**
   * Told once it has ended which statements it has sent; what it throws is ignored. Reads that the cache has answered are not
   * among them. Each attempt of `transaction` is a unit of work. The in-memory SDK sends none, and tells nobody.
   */
  readonly onQueries?: (log: QueryLog) => void;
}

/**
 * One business transaction. Nothing is written unless `commit()` is called; the database transaction starts with the
 * first write or lock, so a unit of work that only reads what is cached never takes a connection.
 *
 * Single use: after `commit()` or `rollback()` every call but another `rollback()` answers `UnitOfWorkState`. Statements of one unit of work run
 * one after the other, also when they are started together.
 */
export interface UnitOfWork extends AsyncDisposable {
  readonly recruiters: RecruiterRepository;
  readonly cities: CityRepository;
  readonly slots: SlotRepository;
  readonly bookings: BookingRepository;
  readonly candidates: CandidateRepository;
  readonly templates: MessageTemplateRepository;
  readonly reschedules: RescheduleRepository;
  readonly blockedPeriods: BlockedPeriodRepository;
  readonly waitlist: WaitlistRepository;
  /** What was done, by whom. Use cases write it; hosts read it. */
  readonly audit: AuditRepository;
  /** Events of what is changed here; they become known with the commit. */
  readonly events: EventOutbox;
  /** What commands with an idempotency key have answered. Use cases write and read it. */
  readonly idempotency: IdempotencyRecords;
  /** Which updates were worked on; `sdk.inbox` is the way to use it. */
  readonly inbox: InboxRepository;
  /** Single-use tokens; `sdk.tokens` is the way to use them. */
  readonly tokens: ActionTokenRepository;
  /** Entities one at a time, without a query for each. */
  readonly load: Loaders;
  /**
   * Runs `load` once for this key, and answers every later call with what it answered, until this unit of work writes
   * or locks anything, begins a savepoint or undoes one. An `Err` is not kept; a throw, and an answer that is no `Result`, are
   * `Unexpected`. What is kept ends with the unit of work, and no cache sees it.
   */
  memo<T, E>(key: string, load: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | UnexpectedError>;
  /** The database's clock at this moment, not at the start of the transaction. */
  now(): ResultAsync<Instant, RepositoryError>;
  /** Commits what was written, then tells the cache, then runs the callbacks of `afterCommit`. */
  commit(): ResultAsync<CommitReport, CommitError>;
  rollback(): ResultAsync<void, CommitError>;
  /**
   * Names anchors that this unit of work changes besides those of its own repositories: from now on its reads leave the
   * cache alone where they are concerned, and the commit bumps them. A rollback, also to a savepoint, forgets them.
   */
  invalidate(...anchors: readonly Anchor[]): void;
  /** Runs after a successful commit and its invalidation; what it throws is logged, nothing else. */
  afterCommit(callback: () => void | PromiseLike<void>): void;
  /**
   * Runs `work` so that an `Err` or a throw undoes only what it wrote. Savepoints nest. Savepoints and statements that
   * are started beside one another run one after the other: what `work` starts belongs to its savepoint, anything else
   * waits until the savepoint has ended, so `work` must not wait for something that was started elsewhere meanwhile.
   */
  savepoint<T, E>(work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>): ResultAsync<T, E | TransactionError>;
}

export interface TransactionOptions extends UnitOfWorkOptions {
  /** Told after the commit, before `transaction` answers. */
  readonly onCommit?: (report: CommitReport) => void;
}

/**
 * Runs `work` in a unit of work of its own: `Ok` commits, an `Err` or a throw rolls back. Serialization failures,
 * deadlocks and lock timeouts are tried again, three times in all, so `work` must not have effects outside.
 */
export type RunTransaction = <T, E>(
  work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
  options?: TransactionOptions,
) => ResultAsync<T, E | TransactionError>;
