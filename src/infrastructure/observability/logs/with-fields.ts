import type { Logger } from '../../../application/ports/logger.ts';

/** A logger that changes the fields of every line before another one writes it. */
export const withFields = (logger: Logger, change: (fields: object) => object): Logger => ({
  debug: (fields, message) => logger.debug(change(fields), message),
  info: (fields, message) => logger.info(change(fields), message),
  warn: (fields, message) => logger.warn(change(fields), message),
  error: (fields, message) => logger.error(change(fields), message),
});
