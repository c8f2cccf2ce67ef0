import type { CliCommand } from './command.ts';
import { analyze } from './commands/analyze.ts';
import { benchmark } from './commands/benchmark.ts';
import { cacheClear } from './commands/cache-clear.ts';
import { cacheInspect } from './commands/cache-inspect.ts';
import { cacheWarm } from './commands/cache-warm.ts';
import { doctor } from './commands/doctor.ts';
import { expire } from './commands/expire.ts';
import { explain } from './commands/explain.ts';
import { exportMetrics } from './commands/export.ts';
import { health } from './commands/health.ts';
import { indexes } from './commands/indexes.ts';
import { migratePlan } from './commands/migrate-plan.ts';
import { migrateStatus } from './commands/migrate-status.ts';
import { migrateUp } from './commands/migrate-up.ts';
import { monitor } from './commands/monitor.ts';
import { outboxDead } from './commands/outbox-dead.ts';
import { outboxDiscard } from './commands/outbox-discard.ts';
import { outboxDrain } from './commands/outbox-drain.ts';
import { outboxRetry } from './commands/outbox-retry.ts';
import { outboxStatus } from './commands/outbox-status.ts';
import { redisSlowlog } from './commands/redis-slowlog.ts';
import { report } from './commands/report.ts';
import { seed } from './commands/seed.ts';
import { slowQueries } from './commands/slow-queries.ts';
import { stats } from './commands/stats.ts';
import { sweep } from './commands/sweep.ts';
import { vacuum } from './commands/vacuum.ts';

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = [
  migrateUp,
  migrateStatus,
  migratePlan,
  health,
  doctor,
  stats,
  slowQueries,
  explain,
  report,
  exportMetrics,
  monitor,
  indexes,
  analyze,
  vacuum,
  cacheWarm,
  cacheClear,
  cacheInspect,
  outboxStatus,
  outboxDrain,
  outboxDead,
  outboxRetry,
  outboxDiscard,
  redisSlowlog,
  expire,
  sweep,
  benchmark,
  seed,
];
