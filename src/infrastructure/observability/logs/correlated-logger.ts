import type { Logger } from '../../../application/ports/logger.ts';
import type { Correlation } from './correlation.ts';

/** Says with every line what the host was doing. */
export function correlatedLogger(logger: Logger, correlation: Correlation): Logger {
  const named = (fields: object): object =>
    correlation.id === undefined ? fields : { correlationId: correlation.id, ...fields };
  return {
    debug: (fields, message) => logger.debug(named(fields), message),
    info: (fields, message) => logger.info(named(fields), message),
    warn: (fields, message) => logger.warn(named(fields), message),
    error: (fields, message) => logger.error(named(fields), message),
  };
}
