import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { EventOutbox } from '../../application/ports/event-outbox.ts';
import type { EventPublisher } from '../../application/ports/event-publisher.ts';
import type { IdempotencyRecords } from '../../application/ports/idempotency-records.ts';
import type { Invalidation, InvalidationId } from '../../application/ports/invalidation.ts';
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
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { SlotRepository } from '../../domain/slot/slot-repository.ts';
import type { ActionTokenRepository } from '../../domain/token/action-token-repository.ts';
import type { WaitlistRepository } from '../../domain/waitlist/waitlist-repository.ts';
import { UnitOfWorkMemory } from '../loading/unit-of-work-memory.ts';
import { beginActivity, declareActivity } from '../observability/activity.ts';
import type { Signals } from '../observability/signals.ts';
import { readRecord } from '../records/record-reader.ts';
import type { RepositoryCaching } from '../repositories/cached-repositories.ts';
import { declareScope, type ReadScope } from '../repositories/read-scope.ts';
import { settled } from '../transaction/run-transaction.ts';
import type { Database } from './database.ts';
import { enqueueInvalidation } from './invalidation-outbox.ts';
import { notifyInvalidation } from './notifications.ts';
import { mikroOrmRepositories } from './repositories/mikro-orm-repositories.ts';
import { TransactionSession, type Homes, type Servers } from './session.ts';
import { declareSession } from './unit-of-work-sessions.ts';

export interface UnitOfWorkDependencies {
  readonly database: Database;
  /** Absent where none are named. */
  readonly replicas?: Servers | undefined;
  readonly caching: RepositoryCaching;
  readonly invalidation: Invalidation;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Signals;
  /** Told of events once they are committed. */
  readonly publisher: EventPublisher;
}

type AfterCommit = () => void | PromiseLike<void>;

export class MikroOrmUnitOfWork implements UnitOfWork {
  readonly recruiters: RecruiterRepository;
  readonly cities: CityRepository;
  readonly slots: SlotRepository;
  readonly bookings: BookingRepository;
  readonly candidates: CandidateRepository;
  readonly templates: MessageTemplateRepository;
  readonly reschedules: RescheduleRepository;
  readonly blockedPeriods: BlockedPeriodRepository;
  readonly waitlist: WaitlistRepository;
  readonly audit: AuditRepository;
  readonly events: EventOutbox;
  readonly idempotency: IdempotencyRecords;
  readonly inbox: InboxRepository;
  readonly tokens: ActionTokenRepository;
  readonly #session: TransactionSession;
  readonly #schema: string;
  readonly #invalidation: Invalidation;
  readonly #logger: Logger;
  readonly #signals: Signals;
  /** What the writes so far changed; a savepoint that is rolled back takes its part out again. */
  #dirty = new Set<Anchor>();
  #afterCommit: readonly AfterCommit[] = [];
  #memory: UnitOfWorkMemory | undefined;

  constructor(dependencies: UnitOfWorkDependencies, options: UnitOfWorkOptions = {}) {
    const { database, caching, clock, invalidation, logger, signals, publisher } = dependencies;
    const activity = beginActivity('slotwise unit of work', options.correlationId);
    if (activity !== undefined) declareActivity(this, activity);
    const homes = homesOf(dependencies, options);
    this.#session = new TransactionSession({
      database,
      homes,
      options,
      signals,
      activity,
      onChange: () => this.#memory?.clear(),
    });
    this.#schema = database.schema;
    this.#invalidation = invalidation;
    this.#logger = logger;
    this.#signals = signals;
    const own = mikroOrmRepositories(
      {
        session: this.#session,
        onWrite: this.#touch,
        onEvents: (events) => this.afterCommit(() => publisher.publish(events)),
        correlationId: options.correlationId,
      },
      database.schema,
      clock,
    );
    const scope = this.#readScope(options);
    declareScope(this, scope);
    declareSession(this, { database, session: this.#session });
    const { recruiters, cities, slots, candidates, templates } = caching.inside(own, scope);
    this.recruiters = recruiters;
    this.cities = cities;
    this.slots = slots;
    this.candidates = candidates;
    this.templates = templates;
    this.bookings = own.bookings;
    this.reschedules = own.reschedules;
    this.blockedPeriods = own.blockedPeriods;
    this.waitlist = own.waitlist;
    this.audit = own.audit;
    this.events = own.events;
    this.idempotency = own.idempotency;
    this.inbox = own.inbox;
    this.tokens = own.tokens;
  }

  get load(): Loaders {
    return this.#remembered.loaders;
  }

  memo<T, E>(key: string, load: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | UnexpectedError> {
    return this.#remembered.memo(key, load);
  }

  now(): ResultAsync<Instant, RepositoryError> {
    return this.#session
      .run('now', 'read', (db) =>
        db.selectNoFrom((eb) => eb.fn<unknown>('clock_timestamp').as('now')).executeTakeFirstOrThrow(),
      )
      .andThen((row) => readRecord('clock', row, (read) => read.instant('now')));
  }

  commit(): ResultAsync<CommitReport, CommitError> {
    this.#memory?.clear();
    return new ResultAsync(this.#commit());
  }

  rollback(): ResultAsync<void, CommitError> {
    this.#memory?.clear();
    return this.#session.rollback();
  }

  afterCommit(callback: AfterCommit): void {
    this.#afterCommit = [...this.#afterCommit, callback];
  }

  invalidate(...anchors: readonly Anchor[]): void {
    this.#touch(anchors);
  }

  savepoint<T, E>(
    work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
  ): ResultAsync<T, E | TransactionError> {
    return new ResultAsync(this.#savepoint(work));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const rolledBack = await this.#session.rollback();
    // `committed` is the good end; anything else means the connection is gone, and the transaction with it.
    if (rolledBack.isErr() && rolledBack.error.type !== 'UnitOfWorkState')
      this.#logger.warn({ err: rolledBack.error }, 'a unit of work could not be rolled back');
  }

  /** Most units of work need none. */
  get #remembered(): UnitOfWorkMemory {
    return (this.#memory ??= new UnitOfWorkMemory(this));
  }

  async #savepoint<T, E>(
    work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
  ): Promise<Result<T, E | TransactionError>> {
    const outcome = await this.#session.savepoint(
      () => settled(() => work(this)),
      (result) => result.isErr(),
      () => {
        const before = { dirty: new Set(this.#dirty), afterCommit: this.#afterCommit };
        return () => {
          this.#dirty = before.dirty;
          this.#afterCommit = before.afterCommit;
          this.#memory?.clear();
        };
      },
    );
    return outcome.andThen((result) => result);
  }

  async #commit(): Promise<Result<CommitReport, CommitError>> {
    let anchors: readonly Anchor[] = [];
    let id: InvalidationId | undefined;
    let prepared = false;
    const committed = await this.#session.commit(() => {
      anchors = [...this.#dirty];
      const { durable, announcedBy } = this.#invalidation;
      if (anchors.length === 0 || !durable) return undefined;
      return async (db) => {
        id = await enqueueInvalidation(db, anchors);
        if (announcedBy !== undefined) await notifyInvalidation(db, this.#schema, announcedBy, anchors);
        prepared = await this.#invalidation.prepare(anchors);
      };
    });
    if (committed.isErr()) {
      // What was prepared must end, and a connection that broke may have committed.
      if (prepared || committed.error.type === 'Database')
        await this.#invalidation.suspect(anchors, prepared);
      return err(committed.error);
    }
    const invalidation = anchors.length === 0 ? 'applied' : await this.#invalidate(anchors, prepared, id);
    await this.#runAfterCommit();
    return ok({ invalidation });
  }

  async #invalidate(
    anchors: readonly Anchor[],
    prepared: boolean,
    id: InvalidationId | undefined,
  ): Promise<CommitReport['invalidation']> {
    const startedAt = performance.now();
    const outcome = await this.#invalidation.invalidate(anchors, prepared, id);
    const { invalidation } = this.#signals;
    if (invalidation.wanted)
      invalidation.send({ anchors: anchors.length, outcome, durationMs: performance.now() - startedAt });
    return outcome;
  }

  async #runAfterCommit(): Promise<void> {
    for (const callback of this.#afterCommit) {
      try {
        await callback();
      } catch (cause) {
        this.#logger.error({ err: cause }, 'an afterCommit callback threw; the transaction is committed');
      }
    }
  }

  /**
   * A snapshot of the database and the cache do not mix, so stricter isolation leaves the cache alone. What a replica
   * answers must not be stored for others.
   */
  #readScope({ isolation = 'read committed', readFrom = 'primary' }: UnitOfWorkOptions): ReadScope {
    return {
      shared: false,
      beside: (load) => this.#session.beside(load),
      mode: (anchors) => {
        if (isolation !== 'read committed' || this.#session.unusable) return 'bypass';
        // Also before anything is written: what was named may have been changed past the repositories.
        if (anchors.some((anchor) => this.#dirty.has(anchor))) return 'bypass';
        return readFrom === 'primary' && this.#session.outside ? 'use' : 'peek';
      },
    };
  }

  readonly #touch = (anchors: readonly Anchor[]): void => {
    for (const anchor of anchors) this.#dirty.add(anchor);
    this.#memory?.clear();
  };
}

/**
 * A transaction is where writes go, so it is on the primary. Only one that never writes may be elsewhere: a snapshot of a
 * replica, which cannot be `serializable` there.
 */
function homesOf(
  { database, replicas = database }: Pick<UnitOfWorkDependencies, 'database' | 'replicas'>,
  { readFrom, readOnly, isolation }: UnitOfWorkOptions,
): Homes | undefined {
  if (readFrom !== 'replica') return undefined;
  const mayStay = readOnly === true && isolation === 'repeatable read';
  return { reads: replicas, transactions: mayStay ? replicas : database };
}
