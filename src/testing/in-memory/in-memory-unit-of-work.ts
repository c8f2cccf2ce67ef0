import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { Loaders } from '../../application/ports/loaders.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type {
  CommitError,
  CommitReport,
  TransactionError,
  UnexpectedError,
  UnitOfWork,
  UnitOfWorkOptions,
} from '../../application/ports/unit-of-work.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { UnitOfWorkMemory } from '../../infrastructure/loading/unit-of-work-memory.ts';
import { declareScope } from '../../infrastructure/repositories/read-scope.ts';
import type { EventPublisher } from '../../application/ports/event-publisher.ts';
import { InMemoryActionTokenRepository } from './in-memory-action-token-repository.ts';
import { InMemoryAuditRepository } from './in-memory-audit-repository.ts';
import { InMemoryBlockedPeriodRepository } from './in-memory-blocked-period-repository.ts';
import { InMemoryBookingRepository } from './in-memory-booking-repository.ts';
import { InMemoryCandidateRepository } from './in-memory-candidate-repository.ts';
import { InMemoryCityRepository } from './in-memory-city-repository.ts';
import type { InMemoryDatabase } from './in-memory-database.ts';
import { InMemoryEventOutbox } from './in-memory-event-outbox.ts';
import { InMemoryMessageTemplateRepository } from './in-memory-message-template-repository.ts';
import { InMemoryIdempotencyRecords } from './in-memory-idempotency-records.ts';
import { InMemoryInboxRepository } from './in-memory-inbox-repository.ts';
import { InMemoryRecruiterRepository } from './in-memory-recruiter-repository.ts';
import { InMemoryRescheduleRepository } from './in-memory-reschedule-repository.ts';
import { InMemorySlotRepository } from './in-memory-slot-repository.ts';
import { InMemoryWaitlistRepository } from './in-memory-waitlist-repository.ts';
import { InMemoryTransaction, type Invalidate } from './in-memory-transaction.ts';

/** A unit of work over the in-memory tables. */
export class InMemoryUnitOfWork implements UnitOfWork {
  readonly recruiters: InMemoryRecruiterRepository;
  readonly cities: InMemoryCityRepository;
  readonly slots: InMemorySlotRepository;
  readonly bookings: InMemoryBookingRepository;
  readonly candidates: InMemoryCandidateRepository;
  readonly templates: InMemoryMessageTemplateRepository;
  readonly reschedules: InMemoryRescheduleRepository;
  readonly blockedPeriods: InMemoryBlockedPeriodRepository;
  readonly waitlist: InMemoryWaitlistRepository;
  readonly audit: InMemoryAuditRepository;
  readonly events: InMemoryEventOutbox;
  readonly idempotency: InMemoryIdempotencyRecords;
  readonly inbox: InMemoryInboxRepository;
  readonly tokens: InMemoryActionTokenRepository;
  readonly load: Loaders;
  readonly #memory: UnitOfWorkMemory;
  readonly #transaction: InMemoryTransaction;

  constructor(
    database: InMemoryDatabase,
    options: UnitOfWorkOptions,
    logger: Logger,
    invalidate: Invalidate,
    publisher: EventPublisher,
  ) {
    this.#transaction = new InMemoryTransaction(database, options, logger, invalidate, () =>
      this.#memory.clear(),
    );
    declareScope(this, { shared: false, mode: (anchors) => this.#transaction.readMode(anchors) });
    this.recruiters = new InMemoryRecruiterRepository(this.#transaction);
    this.cities = new InMemoryCityRepository(this.#transaction);
    this.slots = new InMemorySlotRepository(this.#transaction);
    this.bookings = new InMemoryBookingRepository(this.#transaction);
    this.candidates = new InMemoryCandidateRepository(this.#transaction);
    this.templates = new InMemoryMessageTemplateRepository(this.#transaction);
    this.reschedules = new InMemoryRescheduleRepository(this.#transaction);
    this.blockedPeriods = new InMemoryBlockedPeriodRepository(this.#transaction);
    this.waitlist = new InMemoryWaitlistRepository(this.#transaction);
    this.audit = new InMemoryAuditRepository(this.#transaction);
    this.events = new InMemoryEventOutbox(this.#transaction, publisher);
    this.idempotency = new InMemoryIdempotencyRecords(this.#transaction);
    this.inbox = new InMemoryInboxRepository(this.#transaction);
    this.tokens = new InMemoryActionTokenRepository(this.#transaction);
    this.#memory = new UnitOfWorkMemory(this);
    this.load = this.#memory.loaders;
  }

  memo<T, E>(key: string, load: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | UnexpectedError> {
    return this.#memory.memo(key, load);
  }

  now(): ResultAsync<Instant, RepositoryError> {
    return this.#transaction.statement('now', 'read', ({ now }) => ok(now));
  }

  commit(): ResultAsync<CommitReport, CommitError> {
    this.#memory.clear();
    return this.#transaction.commit();
  }

  rollback(): ResultAsync<void, CommitError> {
    this.#memory.clear();
    return this.#transaction.rollback();
  }

  afterCommit(callback: () => void | PromiseLike<void>): void {
    this.#transaction.afterCommit(callback);
  }

  invalidate(...anchors: readonly Anchor[]): void {
    this.#transaction.touch(anchors);
  }

  savepoint<T, E>(
    work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
  ): ResultAsync<T, E | TransactionError> {
    return this.#transaction.savepoint(() => work(this));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rollback().unwrapOr(undefined);
  }
}
