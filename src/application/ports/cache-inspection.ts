import type { ResultAsync } from 'neverthrow';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { CacheUnavailable } from './cache.ts';

/** What one family has in Redis. */
export interface FamilyContents {
  /** One of the SDK's families, or `host` for everything the host keeps. */
  readonly family: string;
  readonly entries: number;
  /** Of the values as they are stored, without keys and what Redis itself needs. */
  readonly bytes: number;
}

/** What the cache has in Redis at one moment: never a key, which may hold whatever a host puts there. */
export interface CacheContents {
  /** By name; those that have something. */
  readonly families: readonly FamilyContents[];
  /** Keys that hold versions of anchors. */
  readonly versions: number;
  /** Loads under way that other processes wait for. */
  readonly locks: number;
  /** Keys under the prefix that this release does not use. */
  readonly other: number;
  /** `false` when there was more than the limit. */
  readonly complete: boolean;
}

export interface ContentsOptions {
  /** Keys to look at, at most; 100,000 when left out. */
  readonly limit?: number;
}

/** A command that a server found slow, whoever sent it. What it was about is left out. */
export interface SlowCommand {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly durationMs: number;
  /** Its name in capitals: `EVALSHA`. */
  readonly command: string;
  /** How many arguments it had. */
  readonly arguments: number;
}

/**
 * What the servers of the cache have done up to now, whoever used them. Counts only grow until a server starts anew, so that
 * rates are differences of two answers.
 */
export interface CacheUsage {
  /** Keys that were looked up and there. */
  readonly hits: number;
  readonly misses: number;
  /** Keys that had to make room for others. */
  readonly evictions: number;
  readonly commands: number;
  readonly usedBytes: number;
  /** 0 for no limit. */
  readonly maxBytes: number;
}

/** Looks into Redis for whoever operates it. `CacheUnavailable` where there is none, or when it does not answer. */
export interface CacheInspection {
  /**
   * Counts what is stored under the prefix, with `SCAN` and `STRLEN`, 500 keys at a time, on every master. What comes and
   * goes meanwhile may be counted or not, or twice.
   */
  contents(options?: ContentsOptions): ResultAsync<CacheContents, CacheUnavailable | ValidationError>;
  /** The latest of the slow commands of each master, the slowest first; 10 of each when left out. */
  slowLog(limit?: number): ResultAsync<readonly SlowCommand[], CacheUnavailable | ValidationError>;
  /** Memory and counts of all masters together, with one `INFO` each. */
  usage(): ResultAsync<CacheUsage, CacheUnavailable>;
}
