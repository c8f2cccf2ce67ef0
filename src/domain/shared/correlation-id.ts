import type { Result } from 'neverthrow';
import { parseOptionalText, textLimits } from './text.ts';
import type { ValidationError } from './validation-error.ts';

/** What the host calls that what it is doing; it goes into the audit trail and the events as it is. */
export const parseCorrelationId = (input: string | undefined): Result<string | undefined, ValidationError> =>
  parseOptionalText(input, 'correlationId', textLimits.correlationId);
