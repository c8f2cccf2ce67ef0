import type { Logger } from '../../../application/ports/logger.ts';
import { aroundMethod } from '../../host-cache/decorate-method.ts';
import type { TimedDecorator } from '../metrics/timed.ts';
import { collectQueries } from './collect-queries.ts';

type QueryLogger = Pick<Logger, 'info'>;

export interface LogQueriesOptions<Self> {
  /** Where to, or a function that finds it; the property `logger` of the object when left out. */
  readonly logger?: QueryLogger | ((self: Self) => QueryLogger);
}

/**
 * Runs work, answers what it answers, and logs as `info` what it has caused: `statements`, how many; `statementMs`, what
 * they took; `durationMs`, what all of it took; `operations`, how many of each; `failed`. The rest is as for `collectQueries`.
 */
export const logQueriesOf = <T>(name: string, work: () => T, logger: QueryLogger): T =>
  collectQueries(work, ({ count, totalMs, statements }, { durationMs, failed }) => {
    const operations = countsOf(statements.map(({ operation }) => operation));
    logger.info({ name, statements: count, statementMs: totalMs, durationMs, operations, failed }, 'queries');
  });

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/**
 * Does for every call of a method what `logQueriesOf` does for work: `@logQueries('board.open')`. An object without a logger
 * works as if it were not decorated.
 *
 * Throws a `TypeError` on anything but a method.
 */
export const logQueries = <Self>(
  name: string,
  { logger }: LogQueriesOptions<Self> = {},
): TimedDecorator<NoInfer<Self>> =>
  aroundMethod(({ self }, proceed) => {
    const found = typeof logger === 'function' ? logger(self as Self) : (logger ?? loggerOf(self));
    return found === undefined ? proceed() : logQueriesOf(name, proceed, found);
  }) as TimedDecorator<Self>;

function loggerOf(self: unknown): QueryLogger | undefined {
  const { logger } = (self ?? {}) as { readonly logger?: Partial<QueryLogger> };
  return typeof logger?.info === 'function' ? (logger as QueryLogger) : undefined;
}
