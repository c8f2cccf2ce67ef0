import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { QuerySettings } from './query-options.ts';
import { RepeatedStatements } from './repeated-statements.ts';
import { SlowStatements } from './slow-statements.ts';
import { StatementWatch } from './statement-watch.ts';

interface WatchSettings extends QuerySettings {
  /** What takes longer is slow. */
  readonly slowMs: number;
}

/** A watch with the parts that are switched on. */
export const watchStatements = (
  { maxSlow, repeats, slowMs }: WatchSettings,
  clock: Clock,
  logger: Logger,
): StatementWatch =>
  new StatementWatch({
    slow: maxSlow === 0 ? undefined : new SlowStatements({ slowMs, max: maxSlow }, clock),
    repeated: repeats === false ? undefined : new RepeatedStatements(repeats, clock, logger),
  });
