import { okAsync } from 'neverthrow';
import type { Clock } from '../../application/ports/clock.ts';
import type { HealthReport } from '../../application/ports/health.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { readersWithoutMemory } from '../../application/readers.ts';
import { noCacheControl } from '../../infrastructure/cache/no-cache-control.ts';
import type { Backend } from '../../infrastructure/slotwise.ts';
import { InMemoryDatabase } from './in-memory-database.ts';
import { InMemoryUnitOfWork } from './in-memory-unit-of-work.ts';

/** Everything that is not storage answers what an SDK without a cache answers. */
export function inMemoryBackend(clock: Clock, logger: Logger, lockWaitMs: number): Backend {
  const database = new InMemoryDatabase(clock, lockWaitMs);
  return {
    // Never ended, and every statement sees what is committed by then.
    read: readersWithoutMemory(new InMemoryUnitOfWork(database, { readOnly: true }, logger)),
    cache: noCacheControl,
    unitOfWork: (options = {}) => new InMemoryUnitOfWork(database, options, logger),
    migrate: () => okAsync({ applied: [] }),
    health: () => Promise.resolve(healthOf(database)),
    close: () => {
      database.close();
      return okAsync(undefined);
    },
  };
}

function healthOf({ closed }: InMemoryDatabase): HealthReport {
  const status = closed ? 'down' : 'up';
  return {
    status,
    database: { status, detail: 'in memory' },
    cache: { status: 'up', detail: 'off' },
    invalidation: { backlog: 0, oldestMs: 0 },
  };
}
