import type { CacheStats } from '../../../src/index.ts';

/** An entity as all processes of a run call it: `recruiter:1`, `slot:7`. */
export type EntityName = string;

/** A transaction that was committed. */
export interface Commit {
  readonly entity: EntityName;
  /** The version it gave the entity. */
  readonly version: number;
  /** Of a slot: whether it is free in this version. */
  readonly free: boolean;
  readonly startedAt: number;
  readonly acknowledgedAt: number;
  readonly applied: boolean;
}

/** What a read answered. */
export interface Read {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly seen: readonly (readonly [entity: EntityName, version: number])[];
  /** Of a list of free slots: those that could have been in it and were not. */
  readonly absent: readonly EntityName[];
}

/** Everything one process did. */
export interface History {
  readonly commits: readonly Commit[];
  readonly reads: readonly Read[];
  /** Answers of the domain that are part of the game, such as `SlotTaken` and `StaleVersion`. */
  readonly refusals: number;
  /** Types of all other errors. */
  readonly failures: readonly string[];
  readonly stats: CacheStats;
}

/** Milliseconds of the system's monotonic clock, which all processes of a machine share. */
export const monotonicNow = (): number => Number(process.hrtime.bigint()) / 1e6;
