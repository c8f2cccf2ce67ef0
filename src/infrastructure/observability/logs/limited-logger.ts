import type { Logger } from '../../../application/ports/logger.ts';

const PAUSE_MS = 60_000;

/**
 * Says the same warning once a minute at most, and then how often it was left out meanwhile: what goes wrong with every
 * read or commit must not fill the host's log. Messages are constants, so there are as many to remember as there are in
 * the source. Errors are rare enough, and each is another.
 */
export function limitedLogger(logger: Logger): Logger {
  const said = new Map<string, { at: number; leftOut: number }>();
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    error: (fields, message) => logger.error(fields, message),
    warn: (fields, message) => {
      const now = performance.now();
      const before = said.get(message);
      if (before !== undefined && now - before.at < PAUSE_MS) {
        before.leftOut += 1;
        return;
      }
      const leftOut = before?.leftOut ?? 0;
      said.set(message, { at: now, leftOut: 0 });
      logger.warn(leftOut === 0 ? fields : { ...fields, leftOut }, message);
    },
  };
}
