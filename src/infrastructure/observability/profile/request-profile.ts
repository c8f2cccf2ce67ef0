import type { ReadSource } from '../../../application/ports/instrumentation.ts';

/** What one request has caused, in this process. */
export interface RequestProfile {
  readonly name: string;
  readonly durationMs: number;
  /** It answered an `Err`, rejected or threw. */
  readonly failed: boolean;
  readonly statements: {
    readonly count: number;
    readonly failed: number;
    /** Milliseconds, waiting for a connection included; statements beside each other count twice. */
    readonly totalMs: number;
    /** How many there were of each repository method, the most first. */
    readonly byOperation: Readonly<Record<string, number>>;
  };
  /** Reads by where they were answered. */
  readonly reads: Readonly<Record<ReadSource, number>>;
  /** Commands, as callers know them, in the order in which they ended. */
  readonly commands: readonly string[];
}

/** One line for a log. */
export function profileText({ name, durationMs, statements, reads }: RequestProfile): string {
  const cached = reads.l1 + reads.l2 + reads.stale;
  const all = cached + reads.database;
  return `${name}: ${durationMs.toFixed(1)} ms, ${statements.count} statements in ${statements.totalMs.toFixed(1)} ms, ${cached} of ${all} reads from the cache`;
}
