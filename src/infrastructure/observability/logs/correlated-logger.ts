import type { Logger } from '../../../application/ports/logger.ts';
import type { Correlation } from './correlation.ts';
import { withFields } from './with-fields.ts';

/** Says with every line what the host was doing. */
export const correlatedLogger = (logger: Logger, correlation: Correlation): Logger =>
  withFields(logger, (fields) =>
    correlation.id === undefined ? fields : { correlationId: correlation.id, ...fields },
  );
