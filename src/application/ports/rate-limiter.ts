import type { Result, ResultAsync } from 'neverthrow';
import type { Instant } from '../../domain/shared/instant.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';

export interface RateLimiterOptions {
  /** Limiters of one name share what was taken, in all processes: 1 to 64 letters, digits, `.`, `_`, `:` and `-`. */
  readonly name: string;
  /** How much comes back within `perMs`: an integer from 1 to 1,000,000. */
  readonly limit: number;
  /** Milliseconds; 31 days at most. */
  readonly perMs: number;
  /** How much may be taken at once by whoever has taken nothing for long enough; `limit` when left out. */
  readonly burst?: number;
  /** What is answered while Redis cannot be asked: `open` allows everything, `closed` nothing. */
  readonly onUnavailable: 'open' | 'closed';
}

export interface RateDecision {
  readonly allowed: boolean;
  /** What could be taken at once after this; 0 when `degraded`. */
  readonly remaining: number;
  /** 0 when allowed; otherwise how long until the same is, if nobody takes anything meanwhile. */
  readonly retryAfterMs: number;
  /** When everything has come back, if nobody takes anything meanwhile. */
  readonly resetsAt: Instant;
  /** Made without Redis, by `onUnavailable`: it knows nothing of what was taken. */
  readonly degraded: boolean;
}

/**
 * Counts what each key takes, and refuses what is too much. Over any `t` milliseconds a key is allowed
 * `burst + t × limit / perMs` at most. What is refused is not counted.
 */
export interface RateLimiter {
  /**
   * Takes `cost` for a key, if there is as much. A Redis that is away is a decision, not an error, and takes no longer than
   * the cache's `commandTimeoutMs`.
   *
   * Answers `Validation` for an empty key, one of more than 512 characters, and a cost that is no positive integer or more
   * than `burst`, which would never be allowed. Costs one round trip; without Redis it is a lookup in this process.
   *
   * @param key whom it is counted for, a Telegram id for example; Redis is told its hash only
   */
  take(key: string, cost?: number): ResultAsync<RateDecision, ValidationError>;
}

/**
 * A limiter for what the host lets people do. It keeps its counts in the Redis of the cache, by that server's clock, or
 * else in this process, of the 10,000 keys that were used last. Nothing is sent before something is taken.
 */
export type OpenRateLimiter = (options: RateLimiterOptions) => Result<RateLimiter, ValidationError>;
