import type { Result } from 'neverthrow';
import type { Actor } from '../../domain/shared/actor.ts';
import { parseOptionalText, textLimits } from '../../domain/shared/text.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

/** A candidate owes nobody a reason; a recruiter or admin who takes a slot away does. */
export function parseReason(
  reason: string | undefined,
  actor: Actor,
  required = false,
): Result<string | undefined, ValidationError> {
  const owed = required && (actor.kind === 'recruiter' || actor.kind === 'admin');
  if (owed && reason === undefined) return invalid('reason', `is required from a ${actor.kind}`);
  return parseOptionalText(reason, 'reason', textLimits.reason);
}
