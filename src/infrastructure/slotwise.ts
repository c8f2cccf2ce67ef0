import { ResultAsync, type Result } from 'neverthrow';
import { addBlockedPeriod } from '../application/blocked-period/add-blocked-period.ts';
import { listBlockedPeriods } from '../application/blocked-period/list-blocked-periods.ts';
import { removeBlockedPeriod } from '../application/blocked-period/remove-blocked-period.ts';
import { approveBooking } from '../application/booking/approve-booking.ts';
import { cancelBooking } from '../application/booking/cancel-booking.ts';
import { expireDue } from '../application/booking/expire-due.ts';
import { confirmBooking } from '../application/booking/confirm-booking.ts';
import { holdSlot } from '../application/booking/hold-slot.ts';
import { offerSlot } from '../application/booking/offer-slot.ts';
import { recordOutcome } from '../application/booking/record-outcome.ts';
import { recordOutcomes } from '../application/booking/record-outcomes.ts';
import { rejectBooking } from '../application/booking/reject-booking.ts';
import { releaseBooking } from '../application/booking/release-booking.ts';
import { rescheduleBooking } from '../application/booking/reschedule-booking.ts';
import { reserveAny } from '../application/booking/reserve-any.ts';
import { reserveSlot } from '../application/booking/reserve-slot.ts';
import { archiveCity } from '../application/city/archive-city.ts';
import { restoreCity } from '../application/city/restore-city.ts';
import { warmCache, type WarmCache, type WarmOptions } from '../application/caching/warm-cache.ts';
import { eraseCandidate } from '../application/candidate/erase-candidate.ts';
import { receiveOnce } from '../application/inbox/receive-once.ts';
import type { CacheInspection } from '../application/ports/cache-inspection.ts';
import type { Cache } from '../application/ports/cache.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { Diagnostics } from '../application/ports/diagnostics.ts';
import type { EventQueue } from '../application/ports/event-queue.ts';
import type { EventSubscriber } from '../application/ports/event-publisher.ts';
import type { EventTransport } from '../application/ports/event-transport.ts';
import type { HealthOptions, HealthReport } from '../application/ports/health.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { MigrationPlan } from '../application/ports/migration-plan.ts';
import type { OpenRateLimiter } from '../application/ports/rate-limiter.ts';
import type { Reports } from '../application/ports/reports.ts';
import type { RunTransaction, UnitOfWork, UnitOfWorkOptions } from '../application/ports/unit-of-work.ts';
import { readWithRelations, type RelationReader } from '../application/read-with-relations.ts';
import type { Readers } from '../application/readers.ts';
import { renderMessage } from '../application/message-template/render-message.ts';
import { approveReschedule } from '../application/reschedule/approve-reschedule.ts';
import { declineReschedule } from '../application/reschedule/decline-reschedule.ts';
import { proposeAlternative } from '../application/reschedule/propose-alternative.ts';
import { requestReschedule } from '../application/reschedule/request-reschedule.ts';
import { archiveRecruiter } from '../application/recruiter/archive-recruiter.ts';
import { restoreRecruiter } from '../application/recruiter/restore-recruiter.ts';
import { changeSlotPolicy } from '../application/slot/change-slot-policy.ts';
import { publishSlot } from '../application/slot/publish-slot.ts';
import { viewTimes, viewTimesOfMany } from '../application/slot/view-times.ts';
import { validate, type Validate } from '../application/validation/validate.ts';
import { sweep } from '../application/sweep.ts';
import { issueToken } from '../application/token/issue-token.ts';
import { redeemToken } from '../application/token/redeem-token.ts';
import type { AuditReader } from '../domain/audit/audit-repository.ts';
import { moveSlots } from '../application/slot/move-slots.ts';
import { publishSeries } from '../application/slot/publish-series.ts';
import { purgePastSlots } from '../application/slot/purge-past-slots.ts';
import { reassignSlots } from '../application/slot/reassign-slots.ts';
import { withdrawSlot } from '../application/slot/withdraw-slot.ts';
import { withdrawSlots } from '../application/slot/withdraw-slots.ts';
import { joinWaitlist } from '../application/waitlist/join-waitlist.ts';
import { leaveWaitlist } from '../application/waitlist/leave-waitlist.ts';
import { listWaitlist } from '../application/waitlist/list-waitlist.ts';
import { offerNext } from '../application/waitlist/offer-next.ts';
import type { BookingPolicy } from '../domain/booking/booking-policy.ts';
import type { DatabaseError, TimeoutError } from '../domain/shared/repository-error.ts';
import type { ValidationError } from '../domain/shared/validation-error.ts';
import type { OutboxRelay } from './events/event-relay.ts';
import { EventRelays } from './events/event-relays.ts';
import type { RelayOptions } from './events/relay-options.ts';
import type { Metrics, SdkMetrics } from './observability/metrics/metrics.ts';
import type { Signals } from './observability/signals.ts';
import { observeCommand } from './observability/observe-command.ts';
import type { Correlation } from './observability/logs/correlation.ts';
import type { RowsOf } from './persistence/host-rows.ts';
import type { Buckets } from './rate-limits/leaky-bucket.ts';
import { openRateLimiter } from './rate-limits/open-rate-limiter.ts';
import { runTransaction } from './transaction/run-transaction.ts';
import { warmOnStart } from './warm-on-start.ts';

export interface MigrationReport {
  /** Names of the migrations that this call applied, in order; empty when the schema was up to date. */
  readonly applied: readonly string[];
}

export interface CloseOptions {
  /** How long to wait for running statements before connections are cut, in milliseconds; 5,000 when left out. */
  readonly timeoutMs?: number;
}

/** Storage and cache under one roof: everything the composition needs to offer the rest. */
export interface Backend {
  readonly read: Readers;
  readonly cache: Cache;
  readonly inspection: CacheInspection;
  /** What rate limiters count in. */
  readonly buckets: Buckets;
  /** Resolves when what has been read up to now is where others find it, or could not be stored. */
  cacheFilled(): Promise<void>;
  readonly events: EventSubscriber;
  readonly eventQueue: EventQueue;
  readonly audit: AuditReader;
  readonly reports: Reports;
  readonly rows: RowsOf;
  readonly diagnostics: Diagnostics;
  unitOfWork(options?: UnitOfWorkOptions): UnitOfWork;
  migrate(): ResultAsync<MigrationReport, DatabaseError | TimeoutError>;
  migrationPlan(): ResultAsync<MigrationPlan, DatabaseError | TimeoutError>;
  health(options?: HealthOptions): Promise<HealthReport>;
  close(options?: CloseOptions): ResultAsync<void, TimeoutError>;
}

export interface SlotUseCases {
  readonly publish: ReturnType<typeof publishSlot>;
  readonly publishSeries: ReturnType<typeof publishSeries>;
  readonly withdraw: ReturnType<typeof withdrawSlot>;
  readonly timeView: ReturnType<typeof viewTimes>;
  readonly timeViews: ReturnType<typeof viewTimesOfMany>;
  readonly withdrawMany: ReturnType<typeof withdrawSlots>;
  readonly moveMany: ReturnType<typeof moveSlots>;
  readonly reassignMany: ReturnType<typeof reassignSlots>;
  readonly purgePast: ReturnType<typeof purgePastSlots>;
  readonly changePolicy: ReturnType<typeof changeSlotPolicy>;
}

export interface BlockedPeriodUseCases {
  readonly add: ReturnType<typeof addBlockedPeriod>;
  readonly remove: ReturnType<typeof removeBlockedPeriod>;
  readonly list: ReturnType<typeof listBlockedPeriods>;
}

export interface BookingUseCases {
  readonly hold: ReturnType<typeof holdSlot>;
  readonly reserve: ReturnType<typeof reserveSlot>;
  readonly release: ReturnType<typeof releaseBooking>;
  readonly approve: ReturnType<typeof approveBooking>;
  readonly reject: ReturnType<typeof rejectBooking>;
  readonly confirm: ReturnType<typeof confirmBooking>;
  readonly cancel: ReturnType<typeof cancelBooking>;
  readonly reserveAny: ReturnType<typeof reserveAny>;
  readonly offer: ReturnType<typeof offerSlot>;
  readonly reschedule: ReturnType<typeof rescheduleBooking>;
  readonly requestReschedule: ReturnType<typeof requestReschedule>;
  readonly approveReschedule: ReturnType<typeof approveReschedule>;
  readonly declineReschedule: ReturnType<typeof declineReschedule>;
  readonly proposeAlternative: ReturnType<typeof proposeAlternative>;
  readonly recordOutcome: ReturnType<typeof recordOutcome>;
  readonly recordOutcomes: ReturnType<typeof recordOutcomes>;
  readonly expireDue: ReturnType<typeof expireDue>;
}

export interface CandidateUseCases {
  readonly erase: ReturnType<typeof eraseCandidate>;
}

export interface TemplateUseCases {
  readonly render: ReturnType<typeof renderMessage>;
}

/** Keys of commands that may be given twice; see `UseCaseOptions.idempotencyKey`. */
export interface Idempotency {
  /** Forgets keys whose 24 hours are over, which count no more in any case. */
  readonly sweep: ReturnType<typeof sweep>;
}

/** Updates of the outside world that may be delivered twice. */
export interface Inbox {
  readonly once: ReturnType<typeof receiveOnce>;
  /** Forgets updates that came in 48 hours ago; `olderThanMs` may be 24 hours or more. */
  readonly sweep: ReturnType<typeof sweep>;
}

/** Committed events that are to be delivered, and those that could not be. */
export interface Outbox extends Pick<EventQueue, 'backlog' | 'listDead' | 'retryDead' | 'discardDead'> {
  /**
   * A relay to a transport; it does nothing until it is drained or started, and `close()` stops it. Any number of
   * processes may have one: they share the work.
   */
  relay(transport: EventTransport, options?: RelayOptions): Result<OutboxRelay, ValidationError>;
  /**
   * For hosts that relay nothing: removes events that nobody has delivered in 30 days, dead ones as well; `olderThanMs` may
   * be a day or more.
   */
  readonly sweep: ReturnType<typeof sweep>;
}

/** Single-use tokens, for links and buttons that may leave the chat. */
export interface ActionTokens {
  readonly issue: ReturnType<typeof issueToken>;
  readonly redeem: ReturnType<typeof redeemToken>;
  /** Forgets tokens that expired a week ago; `olderThanMs` may be anything from 0 on. */
  readonly sweep: ReturnType<typeof sweep>;
}

export interface RecruiterUseCases {
  readonly archive: ReturnType<typeof archiveRecruiter>;
  readonly restore: ReturnType<typeof restoreRecruiter>;
}

export interface CityUseCases {
  readonly archive: ReturnType<typeof archiveCity>;
  readonly restore: ReturnType<typeof restoreCity>;
}

export interface WaitlistUseCases {
  readonly join: ReturnType<typeof joinWaitlist>;
  readonly leave: ReturnType<typeof leaveWaitlist>;
  readonly list: ReturnType<typeof listWaitlist>;
  readonly offerNext: ReturnType<typeof offerNext>;
}

/** The SDK. Everything answers a `Result`; nothing here throws. */
export interface Slotwise extends AsyncDisposable {
  /**
   * Brings the SDK's own PostgreSQL schema up to date; nothing outside it is touched, except that the extension
   * `btree_gist` is created in `public` when missing. Safe to call from several processes at once.
   */
  migrate(): ResultAsync<MigrationReport, DatabaseError | TimeoutError>;
  /** What `migrate` would do now, with its SQL. Changes nothing; two statements. */
  migrationPlan(): ResultAsync<MigrationPlan, DatabaseError | TimeoutError>;
  /** Runs `work` in a unit of work of its own; `Ok` commits, an `Err` or a throw rolls back. */
  readonly transaction: RunTransaction;
  /** Opens a unit of work; `await using` rolls back what was not committed. */
  unitOfWork(options?: UnitOfWorkOptions): UnitOfWork;
  /** Cached reads without a unit of work. */
  readonly read: Readers & {
    /** Entities with those they refer to, without a query for each. */
    readonly withRelations: RelationReader;
  };
  readonly slots: SlotUseCases;
  readonly booking: BookingUseCases;
  readonly candidates: CandidateUseCases;
  readonly templates: TemplateUseCases;
  /** Checks for forms, against what is cached. */
  readonly validate: Validate;
  readonly idempotency: Idempotency;
  readonly inbox: Inbox;
  readonly tokens: ActionTokens;
  /** Times in which nothing may be published. */
  readonly blocked: BlockedPeriodUseCases;
  readonly waitlist: WaitlistUseCases;
  readonly recruiters: RecruiterUseCases;
  readonly cities: CityUseCases;
  /** The cache: its switch and its numbers, entries of the host's own, and filling it before it is asked. */
  readonly cache: Cache &
    CacheInspection & {
      /** Reads what is going to be read, so that it is in the cache by then. */
      readonly warm: WarmCache;
    };
  /** Limits what the host lets people do, by key: a Telegram id, an address, a token. */
  readonly rateLimiter: OpenRateLimiter;
  /** Tells handlers in this process what it has committed. */
  readonly events: EventSubscriber;
  /** Brings the events of all processes to wherever the host wants them, at least once. */
  readonly outbox: Outbox;
  /** What was done to whom, as it is committed: never cached. */
  readonly audit: AuditReader;
  /** What became of slots and bookings, in figures: never cached. */
  readonly reports: Reports;
  /** Tables of the host's own beside the SDK's, of the schemas that `database.rows` has named. */
  readonly rows: RowsOf;
  /**
   * Runs work whose every command, unit of work and line of the log carries this id, where none is given; answers what it
   * answers. For a host's middleware: whatever a request comes to can be found by its id, in the audit trail and in the
   * events of the outbox too. 200 characters at most, or commands answer `Validation`. Costs nothing where it is not used.
   */
  withCorrelationId<T>(id: string, work: () => T): T;
  /** What was counted and timed, in this process. */
  readonly metrics: Metrics;
  /** What is wrong with the database and its surroundings, what it holds, and its upkeep. */
  readonly diagnostics: Diagnostics;
  /** Asks every dependency once, all at the same time; never rejects, and takes no longer than `timeoutMs`. */
  health(options?: HealthOptions): Promise<HealthReport>;
  /**
   * Stops background work and closes the connections the SDK opened itself; calling it again does nothing. Answers
   * `Timeout` when units of work were still open after `timeoutMs`; their connections were cut then.
   */
  close(options?: CloseOptions): ResultAsync<void, TimeoutError>;
}

interface Assembly {
  readonly policy: BookingPolicy;
  readonly logger: Logger;
  readonly clock: Clock;
  /** What to read into the cache before anybody asks. */
  readonly warmOnStart?: WarmOptions | undefined;
  readonly metrics: SdkMetrics;
  readonly signals: Signals;
  readonly correlation: Correlation;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Puts the use cases on top of a backend. */
export function assembleSlotwise(
  backend: Backend,
  { policy, logger, clock, warmOnStart: toWarm, metrics, signals, correlation }: Assembly,
): Slotwise {
  const unitOfWork: Slotwise['unitOfWork'] = (options) => {
    const correlationId = options?.correlationId ?? correlation.id;
    return backend.unitOfWork(correlationId === undefined ? options : { ...options, correlationId });
  };
  const transaction = runTransaction(unitOfWork, logger);
  const context = { transaction, policy, observe: observeCommand(signals.useCase, () => correlation.id) };
  metrics.start();
  const { recruiters, cities, slots, candidates, templates } = backend.read;
  const filled = (): Promise<void> => backend.cacheFilled();
  const warm = warmCache({ read: backend.read, cache: backend.cache, filled, clock });
  const stopWarming = toWarm === undefined ? undefined : warmOnStart(warm, toWarm, logger);
  const relays = new EventRelays(backend, logger);
  const close: Slotwise['close'] = (options) => {
    stopWarming?.();
    metrics.stop();
    if (relays.none) return backend.close(options);
    return new ResultAsync(relays.stop(options?.timeoutMs).then(() => backend.close(options)));
  };
  return {
    migrate: () => backend.migrate(),
    migrationPlan: () => backend.migrationPlan(),
    transaction,
    unitOfWork,
    withCorrelationId: (id, work) => correlation.run(id, work),
    read: {
      recruiters,
      cities,
      slots,
      candidates,
      templates,
      withRelations: readWithRelations(backend.read),
    },
    slots: {
      publish: publishSlot(context),
      publishSeries: publishSeries(context),
      withdraw: withdrawSlot(context),
      withdrawMany: withdrawSlots(context),
      moveMany: moveSlots(context),
      reassignMany: reassignSlots(context),
      purgePast: purgePastSlots(context),
      changePolicy: changeSlotPolicy(context),
      timeView: viewTimes({ read: backend.read, clock }),
      timeViews: viewTimesOfMany({ read: backend.read, clock }),
    },
    booking: {
      hold: holdSlot(context),
      reserve: reserveSlot(context),
      release: releaseBooking(context),
      approve: approveBooking(context),
      reject: rejectBooking(context),
      confirm: confirmBooking(context),
      cancel: cancelBooking(context),
      reserveAny: reserveAny(context),
      offer: offerSlot(context),
      reschedule: rescheduleBooking(context),
      requestReschedule: requestReschedule(context),
      approveReschedule: approveReschedule(context),
      declineReschedule: declineReschedule(context),
      proposeAlternative: proposeAlternative(context),
      recordOutcome: recordOutcome(context),
      recordOutcomes: recordOutcomes(context),
      expireDue: expireDue(context),
    },
    candidates: { erase: eraseCandidate(context) },
    templates: { render: renderMessage(backend.read) },
    validate: validate(backend.read, clock),
    idempotency: {
      sweep: sweep(context, { usual: 0, least: 0 }, (uow, ...some) => uow.idempotency.sweep(...some)),
    },
    inbox: {
      once: receiveOnce(context),
      sweep: sweep(context, { usual: 2 * DAY_MS, least: DAY_MS }, (uow, ...some) => uow.inbox.sweep(...some)),
    },
    tokens: {
      issue: issueToken(context),
      redeem: redeemToken(context),
      sweep: sweep(context, { usual: 7 * DAY_MS, least: 0 }, (uow, ...some) => uow.tokens.sweep(...some)),
    },
    blocked: {
      add: addBlockedPeriod(context),
      remove: removeBlockedPeriod(context),
      list: listBlockedPeriods(context),
    },
    waitlist: {
      join: joinWaitlist(context),
      leave: leaveWaitlist(context),
      list: listWaitlist(context),
      offerNext: offerNext(context),
    },
    recruiters: { archive: archiveRecruiter(context), restore: restoreRecruiter(context) },
    cities: { archive: archiveCity(context), restore: restoreCity(context) },
    cache: Object.assign(backend.cache, backend.inspection, { warm }),
    rateLimiter: openRateLimiter(backend.buckets, clock),
    events: backend.events,
    outbox: {
      relay: (to, options) => relays.to(to, options),
      backlog: () => backend.eventQueue.backlog(),
      listDead: (page) => backend.eventQueue.listDead(page),
      retryDead: (ids) => backend.eventQueue.retryDead(ids),
      discardDead: (ids) => backend.eventQueue.discardDead(ids),
      sweep: sweep(context, { usual: 30 * DAY_MS, least: DAY_MS }, (uow, ...some) =>
        uow.events.sweep(...some),
      ),
    },
    audit: backend.audit,
    reports: backend.reports,
    rows: backend.rows,
    metrics,
    diagnostics: backend.diagnostics,
    health: (options) => backend.health(options),
    close,
    async [Symbol.asyncDispose]() {
      await close().unwrapOr(undefined);
    },
  };
}
