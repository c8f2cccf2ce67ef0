import type { CacheStats, CommitReport, ReadSource } from '../../src/index.ts';

/** A row as all processes of a run call it: `recruiter:1`, `slot:7`. */
export type EntityName = string;

/** A list a row can be in: `recruiters:active`, `free:city:3`; and its own name, while it exists. */
export type ListName = string;

/** `unknown`: the read joined somebody else's work, so nothing was told about where its answer came from. */
export type Source = ReadSource | 'unknown';

/** A transaction that was committed, and what its writer was told. Times are those of `monotonicNow`. */
export interface Acknowledgement {
  readonly entity: EntityName;
  /** The version the row has since. */
  readonly version: number;
  readonly startedAt: number;
  readonly acknowledgedAt: number;
  readonly invalidation: CommitReport['invalidation'];
}

/** What a read answered. */
export interface Read {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly source: Source;
  /** The list that was asked for; absent when the rows were asked for by id. */
  readonly list?: ListName;
  readonly seen: readonly (readonly [entity: EntityName, version: number])[];
}

/** A row with its content, as somebody saw it for the first time. */
export interface Sighting {
  readonly entity: EntityName;
  readonly version: number;
  readonly value: string;
}

/** Whether a process said at a moment that it uses Redis. */
export interface LinkSample {
  readonly at: number;
  readonly up: boolean;
}

/** Everything one process did between `play` and `stop`. */
export interface History {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly reads: readonly Read[];
  /** Every content of every row that was seen, once. */
  readonly sightings: readonly Sighting[];
  /** Every row, as it was read when nobody wrote any more. */
  readonly inTheEnd: readonly Sighting[];
  readonly link: readonly LinkSample[];
  /** Transactions that were undone on purpose. */
  readonly rollbacks: number;
  /** Answers of the domain that are part of the game, such as `SlotTaken` and `StaleVersion`. */
  readonly refusals: number;
  /** All other errors that a caller got. */
  readonly failures: readonly string[];
  readonly unhandled: readonly string[];
  /** Of this time alone. */
  readonly lookups: Pick<CacheStats, 'l1Hits' | 'l2Hits' | 'misses' | 'bypassed'>;
}

/** Milliseconds of the system's monotonic clock, which all processes of a machine share. */
export const monotonicNow = (): number => Number(process.hrtime.bigint()) / 1e6;
