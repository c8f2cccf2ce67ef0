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
  /** Keys under the prefix that are none of these: of rate limiters, and what this release does not use. */
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

/** A master, as it tells of itself: counts since it started, of everybody who uses it. */
export interface CacheServer {
  /** Where this process reaches it; absent where the client does not tell. */
  readonly address?: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly memory: {
    readonly bytes: number;
    readonly peakBytes: number;
    /** 0 for no limit. */
    readonly maxBytes: number;
    /** As in `maxmemory-policy`. */
    readonly evictionPolicy: string;
  };
  /** Keys that had to make room for others. */
  readonly evictions: number;
  /** Keys whose lifetime was over. */
  readonly expirations: number;
  readonly hits: number;
  readonly misses: number;
  /** Share of the reads that found a key, from 0 to 1; 0 before the first. */
  readonly hitShare: number;
  readonly clients: number;
  readonly maxClients: number;
  readonly commands: number;
  readonly commandsPerSecond: number;
}

/** Looks into Redis for whoever operates it. `CacheUnavailable` where there is none, or when it does not answer. */
export interface CacheInspection {
  /**
   * Counts what is stored under the prefix, with `SCAN` and `STRLEN`, 500 keys at a time, on every master. What comes and
   * goes meanwhile may be counted or not, or twice.
   */
  contents(options?: ContentsOptions): ResultAsync<CacheContents, CacheUnavailable | ValidationError>;
  /** Figures of each master, from `INFO`. */
  servers(): ResultAsync<readonly CacheServer[], CacheUnavailable>;
  /** The latest of the slow commands of each master, the slowest first; 10 of each when left out. */
  slowLog(limit?: number): ResultAsync<readonly SlowCommand[], CacheUnavailable | ValidationError>;
}
