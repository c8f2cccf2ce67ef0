import { err, ok, ResultAsync, type Result } from 'neverthrow';
import { healthReport } from '../../application/health/health-report.ts';
import type { ComponentHealth, HealthOptions, HealthReport } from '../../application/ports/health.ts';
import type { EventQueue } from '../../application/ports/event-queue.ts';
import type { EventSubscriber } from '../../application/ports/event-publisher.ts';
import type { InvalidationOutbox } from '../../application/ports/invalidation.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { MigrationPlan } from '../../application/ports/migration-plan.ts';
import type { Reports } from '../../application/ports/reports.ts';
import type {
  CommitError,
  CommitReport,
  UnitOfWork,
  UnitOfWorkOptions,
} from '../../application/ports/unit-of-work.ts';
import type { AuditReader } from '../../domain/audit/audit-repository.ts';
import type { DatabaseError, TimeoutError } from '../../domain/shared/repository-error.ts';
import type { Diagnostics } from '../../application/ports/diagnostics.ts';
import type { PoolUse } from '../../application/ports/pool-status.ts';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { CacheParts } from '../compose-cache.ts';
import { diagnosticsOf } from '../doctor/diagnostics.ts';
import { HostCache } from '../host-cache/host-cache.ts';
import type { ReplicaUse } from '../observability/metrics/summary.ts';
import type { Backend, CloseOptions, MigrationReport } from '../slotwise.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import type { Database } from './database.ts';
import type { RowsOf } from './host-rows.ts';
import { toStatementFailure } from './error-mapping.ts';
import { notifyInvalidation } from './notifications.ts';
import { migrate, planMigration } from './migrations/migrate.ts';
import type { OpenOrm } from './open-orm.ts';
import type { Replicas } from './replicas/replicas.ts';
import type { Session } from './session.ts';
import { MikroOrmUnitOfWork, type UnitOfWorkDependencies } from './mikro-orm-unit-of-work.ts';
import { MikroOrmReports } from './repositories/mikro-orm-reports.ts';
import { within } from './within.ts';

interface Parts {
  readonly connections: OpenOrm;
  readonly database: Database;
  /** Absent where none are named. */
  readonly replicas: Replicas | undefined;
  /** Of statements outside any unit of work. */
  readonly session: Session;
  readonly outbox: InvalidationOutbox;
  readonly cache: CacheParts;
  readonly unitOfWork: UnitOfWorkDependencies;
  readonly rows: RowsOf;
  readonly events: EventSubscriber;
  readonly audit: AuditReader;
  readonly eventQueue: EventQueue;
  readonly logger: Logger;
}

const CLOSE_TIMEOUT_MS = 5000;
const HEALTH_TIMEOUT_MS = 2000;

const nothingPending = { backlog: 0, oldestMs: 0 };
const nothingToDeliver = { ...nothingPending, dead: 0 };

/** PostgreSQL, in whichever form, with a cache in front of it. */
export class MikroOrmBackend implements Backend {
  readonly read: Backend['read'];
  readonly cache: Backend['cache'];
  readonly inspection: Backend['inspection'];
  readonly buckets: Backend['buckets'];
  readonly rows: RowsOf;
  readonly events: EventSubscriber;
  readonly audit: AuditReader;
  readonly eventQueue: EventQueue;
  readonly diagnostics: Diagnostics;
  readonly reports: Reports;
  readonly #parts: Parts;
  #closing: Promise<Result<void, TimeoutError>> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.read = parts.cache.caching.read;
    this.inspection = parts.cache.inspection;
    this.buckets = parts.cache.buckets;
    this.rows = parts.rows;
    this.events = parts.events;
    this.audit = parts.audit;
    this.eventQueue = parts.eventQueue;
    this.diagnostics = diagnosticsOf({
      catalogue: new Catalogue(parts.session, parts.database.schema),
      migrationPlan: () => this.migrationPlan(),
      eventQueue: parts.eventQueue,
      invalidations: parts.outbox,
      cacheServers: parts.cache.servers,
      replicas: () => parts.replicas?.health() ?? [],
      clock: parts.unitOfWork.clock,
      poolUse: () => this.poolUse(),
      database: parts.database,
      signals: parts.unitOfWork.signals,
    });
    this.reports = new MikroOrmReports(parts.session, parts.database.schema);
    this.cache = new HostCache({
      ...parts.cache.engine,
      control: parts.cache.control,
      tell: (anchors) => this.#tell(anchors),
      tellOthers: (anchors) => this.#tellOthers(anchors),
      logger: parts.logger,
    });
  }

  poolUse(): PoolUse | undefined {
    return this.#parts.connections.pool?.();
  }

  replicaUse(): readonly ReplicaUse[] | undefined {
    return this.#parts.replicas?.use();
  }

  unitOfWork(options?: UnitOfWorkOptions): UnitOfWork {
    return new MikroOrmUnitOfWork(this.#parts.unitOfWork, options);
  }

  /**
   * The host's own changes. Where each process has a memory of its own, the database tells them all; beside Redis it is
   * asked only when Redis could not be told, so that a relay does it later.
   */
  async #tell(anchors: readonly Anchor[]): Promise<boolean> {
    const { store, announcedBy } = this.#parts.cache.engine;
    if (announcedBy !== undefined) return (await this.#commitInvalidation(anchors)).isOk();
    if (await store.bump(anchors)) return true;
    // dropped: the caller is told that it is not certain in any case
    void this.#commitInvalidation(anchors);
    return false;
  }

  #commitInvalidation(anchors: readonly Anchor[]): ResultAsync<CommitReport, CommitError> {
    const uow = this.unitOfWork();
    uow.invalidate(...anchors);
    return uow.commit();
  }

  async #tellOthers(anchors: readonly Anchor[]): Promise<boolean> {
    const { database, cache } = this.#parts;
    const { announcedBy } = cache.engine;
    if (announcedBy === undefined) return true;
    try {
      await database.query((db) => notifyInvalidation(db, database.schema, announcedBy, anchors));
      return true;
    } catch {
      return false;
    }
  }

  cacheFilled(): Promise<void> {
    return this.#parts.cache.filled();
  }

  migrate(): ResultAsync<MigrationReport, DatabaseError | TimeoutError> {
    const { connections, database } = this.#parts;
    return ResultAsync.fromPromise(migrate(connections.orm, database), migrationFailure).map((applied) => ({
      applied,
    }));
  }

  migrationPlan(): ResultAsync<MigrationPlan, DatabaseError | TimeoutError> {
    const { connections, database } = this.#parts;
    return ResultAsync.fromPromise(planMigration(connections.orm, database), migrationFailure);
  }

  async health({ timeoutMs = HEALTH_TIMEOUT_MS }: HealthOptions = {}): Promise<HealthReport> {
    const { cache, database, replicas, outbox } = this.#parts;
    const late = <T>(instead: T, work: Promise<T>): Promise<T> => within(timeoutMs, work, () => instead);
    const [databaseHealth, cacheHealth, invalidation, events] = await Promise.all([
      late({ status: 'down', latencyMs: timeoutMs, detail: 'Timeout' }, this.#databaseHealth()),
      late({ status: 'down', latencyMs: timeoutMs, detail: 'Timeout' }, cache.health()),
      late(
        nothingPending,
        outbox
          .backlog()
          .map(({ rows, oldestMs }) => ({ backlog: rows, oldestMs }))
          .unwrapOr(nothingPending),
      ),
      late(
        nothingToDeliver,
        this.eventQueue
          .backlog()
          .map(({ waiting, ...rest }) => ({ backlog: waiting, ...rest }))
          .unwrapOr(nothingToDeliver),
      ),
    ]);
    const open = !database.closed;
    return healthReport({
      open,
      database: databaseHealth,
      replicas: replicas?.health(),
      cache: cacheHealth,
      invalidation,
      events,
    });
  }

  close({ timeoutMs = CLOSE_TIMEOUT_MS }: CloseOptions = {}): ResultAsync<void, TimeoutError> {
    this.#closing ??= within<Result<void, TimeoutError>>(timeoutMs, this.#close(), () => {
      this.#parts.connections.cut();
      this.#parts.replicas?.cut();
      return err({ type: 'Timeout', operation: 'close', waitedFor: 'connection', retryable: true });
    });
    return new ResultAsync(this.#closing);
  }

  async #close(): Promise<Result<void, never>> {
    const { cache, database, replicas, connections, logger } = this.#parts;
    try {
      await cache.stop();
      // From here on none of them takes work, and none waits for what another one still does.
      await Promise.all([replicas?.close(), database.close().then(() => connections.close())]);
    } catch (cause) {
      logger.warn({ err: cause }, 'closing did not go through');
    }
    return ok();
  }

  async #databaseHealth(): Promise<ComponentHealth> {
    // Asking would open a connection that nobody closes.
    if (this.#parts.database.closed) return { status: 'down', detail: 'closed' };
    const startedAt = performance.now();
    try {
      await this.#parts.database.ping();
      return { status: 'up', latencyMs: performance.now() - startedAt };
    } catch (cause) {
      const { type } = toStatementFailure('health', cause);
      return { status: 'down', latencyMs: performance.now() - startedAt, detail: type };
    }
  }
}

function migrationFailure(cause: unknown): DatabaseError | TimeoutError {
  const failure = toStatementFailure('migrate', cause);
  if (failure.type !== 'ConstraintViolation') return failure;
  const { operation, sqlState, constraint } = failure;
  return {
    type: 'Database',
    operation,
    sqlState,
    message: `violates ${constraint}`,
    retryable: false,
    cause,
  };
}
