import { ok, type Result } from 'neverthrow';
import type { RateLimiterOptions } from '../../application/ports/rate-limiter.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

const LARGEST = 1_000_000;
const LONGEST_MS = 31 * 24 * 60 * 60 * 1000;
const NAME = /^[\w.:-]{1,64}$/;

export const parseRateLimiter = (
  input: RateLimiterOptions,
): Result<Required<RateLimiterOptions>, ValidationError> =>
  parseObject(input, 'options').andThen((given) => {
    const { name, limit, perMs, burst = limit, onUnavailable } = given;
    if (typeof name !== 'string' || !NAME.test(name))
      return invalid('name', 'must be 1 to 64 letters, digits, ".", "_", ":" or "-"');
    if (!isCount(limit, LARGEST)) return invalid('limit', `must be an integer from 1 to ${LARGEST}`);
    if (!isCount(perMs, LONGEST_MS)) return invalid('perMs', `must be an integer from 1 to ${LONGEST_MS}`);
    if (!isCount(burst, LARGEST)) return invalid('burst', `must be an integer from 1 to ${LARGEST}`);
    if ((burst * perMs) / limit > LONGEST_MS) return invalid('burst', 'must come back within 31 days');
    // The compiler sees to this for TypeScript callers; here for those who call from JavaScript.
    if (!['open', 'closed'].includes(onUnavailable))
      return invalid('onUnavailable', 'must be "open" or "closed"');
    return ok({ name, limit, perMs, burst, onUnavailable });
  });

export const isCount = (value: number, largest: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= largest;
