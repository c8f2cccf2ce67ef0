import { createHash } from 'node:crypto';
import { errAsync, ok, ResultAsync } from 'neverthrow';
import type { Clock } from '../../application/ports/clock.ts';
import type {
  OpenRateLimiter,
  RateDecision,
  RateLimiter,
  RateLimiterOptions,
} from '../../application/ports/rate-limiter.ts';
import { Instant } from '../../domain/shared/instant.ts';
import { validationError } from '../../domain/shared/validation-error.ts';
import { leakMs, ROUNDING, type BucketRule, type Buckets, type Poured } from './leaky-bucket.ts';
import { isCount, parseRateLimiter } from './parse-rate-limiter.ts';

const LONGEST_KEY = 512;

/** A guess: Redis is tried again about as often while it is away. */
const RETRY_UNAVAILABLE_MS = 1_000;

/** @param clock of decisions that are made without `buckets` */
export const openRateLimiter =
  (buckets: Buckets, clock: Clock): OpenRateLimiter =>
  (options) =>
    parseRateLimiter(options).map((parsed) => limiterOf(parsed, buckets, clock));

function limiterOf(rule: Required<RateLimiterOptions>, buckets: Buckets, clock: Clock): RateLimiter {
  const { name, burst, onUnavailable } = rule;
  return {
    take(key, cost = 1) {
      if (typeof key !== 'string' || key.length === 0 || key.length > LONGEST_KEY)
        return errAsync(validationError('key', `must be text of 1 to ${LONGEST_KEY} characters`));
      if (!isCount(cost, burst))
        return errAsync(validationError('cost', `must be an integer from 1 to ${burst}`));
      const poured = buckets.pour({ name, hash: hashOf(key), rule, cost });
      return new ResultAsync(
        poured.then((answer) =>
          ok(
            answer === undefined ? withoutBuckets(onUnavailable, clock.now()) : decision(answer, rule, cost),
          ),
        ),
      );
    },
  };
}

/** What hosts count by names people, and has no business in another server's memory and logs. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

const decision = ({ allowed, level, atMs }: Poured, rule: BucketRule, cost: number): RateDecision => ({
  allowed,
  remaining: Math.max(0, Math.floor(rule.burst - level + ROUNDING)),
  retryAfterMs: allowed ? 0 : leakMs(level + cost - rule.burst, rule),
  resetsAt: Instant.fromEpochMilliseconds(Math.ceil(atMs)).plus(leakMs(level, rule)),
  degraded: false,
});

function withoutBuckets(
  onUnavailable: 'open' | 'closed',
  now: { readonly epochMilliseconds: number },
): RateDecision {
  const allowed = onUnavailable === 'open';
  const retryAfterMs = allowed ? 0 : RETRY_UNAVAILABLE_MS;
  const resetsAt = Instant.fromEpochMilliseconds(now.epochMilliseconds).plus(retryAfterMs);
  return { allowed, remaining: 0, retryAfterMs, resetsAt, degraded: true };
}
