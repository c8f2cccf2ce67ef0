import { silentLogger, type Logger } from '../../../application/ports/logger.ts';
import { correlatedLogger } from './correlated-logger.ts';
import type { Correlation } from './correlation.ts';
import { limitedLogger } from './limited-logger.ts';
import { redactedLogger } from './redacted-logger.ts';

/** The host's logger as the SDK writes to it: without secrets, without floods, and with what the host is doing. */
export function sdkLogger(host: Logger | undefined, correlation?: Correlation): Logger {
  const redacted = redactedLogger(host ?? silentLogger);
  return limitedLogger(correlation === undefined ? redacted : correlatedLogger(redacted, correlation));
}
