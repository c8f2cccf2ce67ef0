import { okAsync } from 'neverthrow';
import type { Clock } from '../../application/ports/clock.ts';
import { healthReport } from '../../application/health/health-report.ts';
import type { HealthReport } from '../../application/ports/health.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { readersWithoutMemory } from '../../application/readers.ts';
import type { UnitOfWork, UnitOfWorkOptions } from '../../application/ports/unit-of-work.ts';
import { DEFAULT_MAX_ENTRIES } from '../../infrastructure/cache/limits.ts';
import { MemoryBuckets } from '../../infrastructure/cache/memory-buckets.ts';
import { nothingToInspect } from '../../infrastructure/cache/nothing-to-inspect.ts';
import { nothingToExamine } from '../../infrastructure/doctor/nothing-to-examine.ts';
import { EventBus } from '../../infrastructure/events/event-bus.ts';
import { memoryCache } from '../../infrastructure/host-cache/memory-cache.ts';
import type { Signals } from '../../infrastructure/observability/signals.ts';
import type { Backend } from '../../infrastructure/slotwise.ts';
import { InMemoryDatabase } from './in-memory-database.ts';
import { InMemoryEventQueue } from './in-memory-event-queue.ts';
import { InMemoryReports } from './in-memory-reports.ts';
import { InMemoryTransaction } from './in-memory-transaction.ts';
import { InMemoryUnitOfWork } from './in-memory-unit-of-work.ts';

/** Reads are not cached: the tables are in this process. The host's own entries are. */
export function inMemoryBackend(clock: Clock, logger: Logger, lockWaitMs: number, signals: Signals): Backend {
  const database = new InMemoryDatabase(clock, lockWaitMs);
  const { cache, store } = memoryCache(DEFAULT_MAX_ENTRIES, signals, logger);
  const events = new EventBus(logger);
  const unitOfWork = (options: UnitOfWorkOptions = {}): UnitOfWork =>
    new InMemoryUnitOfWork(database, options, logger, (anchors) => store.bump(anchors), events);
  const transaction = (): InMemoryTransaction =>
    new InMemoryTransaction(database, {}, logger, (anchors) => store.bump(anchors));
  const eventQueue = new InMemoryEventQueue(transaction);
  // Never ended, and every statement sees what is committed by then.
  const outside = unitOfWork({ readOnly: true });
  return {
    read: readersWithoutMemory(outside),
    audit: outside.audit,
    reports: new InMemoryReports(transaction()),
    cache,
    inspection: nothingToInspect,
    buckets: new MemoryBuckets(clock),
    cacheFilled: () => Promise.resolve(),
    events,
    eventQueue,
    diagnostics: nothingToExamine,
    unitOfWork,
    rows: () => {
      throw new TypeError('there are no tables of the host in memory: test on the embedded database');
    },
    migrate: () => okAsync({ applied: [] }),
    migrationPlan: () => okAsync({ applied: [], preparation: [], pending: [] }),
    health: () => healthOf(database, eventQueue),
    close: () => {
      database.close();
      return okAsync(undefined);
    },
  };
}

async function healthOf({ closed }: InMemoryDatabase, queue: InMemoryEventQueue): Promise<HealthReport> {
  const { waiting, ...rest } = await queue.backlog().unwrapOr({ waiting: 0, oldestMs: 0, dead: 0 });
  return healthReport({
    open: !closed,
    database: { status: closed ? 'down' : 'up', detail: 'in memory' },
    cache: { status: 'up', detail: 'in this process' },
    events: { backlog: waiting, ...rest },
    invalidation: { backlog: 0, oldestMs: 0 },
  });
}
