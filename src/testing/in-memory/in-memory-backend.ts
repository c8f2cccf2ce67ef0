import { okAsync } from 'neverthrow';
import type { CacheControl, CacheStats } from '../../application/ports/cache-control.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { HealthReport } from '../../application/ports/health.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Backend } from '../../infrastructure/slotwise.ts';
import { InMemoryDatabase } from './in-memory-database.ts';
import { InMemoryUnitOfWork } from './in-memory-unit-of-work.ts';

/** Everything that is not storage answers what an SDK without a cache answers. */
export function inMemoryBackend(clock: Clock, logger: Logger, lockWaitMs: number): Backend {
  const database = new InMemoryDatabase(clock, lockWaitMs);
  return {
    // Never ended, and every statement sees what is committed by then.
    read: new InMemoryUnitOfWork(database, { readOnly: true }, logger),
    cache: noCache,
    unitOfWork: (options = {}) => new InMemoryUnitOfWork(database, options, logger),
    migrate: () => okAsync({ applied: [] }),
    health: () => Promise.resolve(healthOf(database)),
    close: () => {
      database.close();
      return okAsync(undefined);
    },
  };
}

const stats: CacheStats = Object.freeze({
  state: 'off',
  l1Hits: 0,
  l2Hits: 0,
  misses: 0,
  bypassed: 0,
  loads: 0,
  sharedLoads: 0,
  fills: 0,
  failedFills: 0,
  undecodable: 0,
  bumps: 0,
  deferredCommits: 0,
  failures: 0,
  breakerOpened: 0,
  hitRate: 0,
});

const nothing = (): void => undefined;

const noCache: CacheControl = { stats: () => stats, disable: nothing, enable: nothing, enabled: false };

function healthOf({ closed }: InMemoryDatabase): HealthReport {
  const status = closed ? 'down' : 'up';
  return {
    status,
    database: { status, detail: 'in memory' },
    cache: { status: 'up', detail: 'off' },
    invalidation: { backlog: 0, oldestMs: 0 },
  };
}
