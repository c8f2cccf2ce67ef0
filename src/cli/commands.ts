import type { CliCommand } from './command.ts';
import { benchmark } from './commands/benchmark.ts';
import { cacheClear } from './commands/cache-clear.ts';
import { cacheInspect } from './commands/cache-inspect.ts';
import { cacheWarm } from './commands/cache-warm.ts';
import { expire } from './commands/expire.ts';
import { health } from './commands/health.ts';
import { migratePlan } from './commands/migrate-plan.ts';
import { migrateStatus } from './commands/migrate-status.ts';
import { migrateUp } from './commands/migrate-up.ts';
import { outboxDead } from './commands/outbox-dead.ts';
import { outboxDiscard } from './commands/outbox-discard.ts';
import { outboxDrain } from './commands/outbox-drain.ts';
import { outboxRetry } from './commands/outbox-retry.ts';
import { outboxStatus } from './commands/outbox-status.ts';
import { redisSlowlog } from './commands/redis-slowlog.ts';
import { seed } from './commands/seed.ts';
import { sweep } from './commands/sweep.ts';

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = [
  migrateUp,
  migrateStatus,
  migratePlan,
  health,
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
