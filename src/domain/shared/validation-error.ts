import { err, type Result } from 'neverthrow';

/** The input itself is wrong; the same call fails again until the input changes. Nothing was written. */
export interface ValidationError {
  readonly type: 'Validation';
  /** Path of the offending input, as the caller named it: `startsAt`, `cityIds[2]`. */
  readonly field: string;
  readonly message: string;
}

export const validationError = (field: string, message: string): ValidationError => ({
  type: 'Validation',
  field,
  message,
});

export const invalid = (field: string, message: string): Result<never, ValidationError> =>
  err(validationError(field, message));
