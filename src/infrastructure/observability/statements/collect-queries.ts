import type { QueryLog } from '../../../application/ports/query-log.ts';
import { tellHost } from '../../../application/tell-host.ts';
import { measured } from '../metrics/measured.ts';
import { Timer } from '../metrics/timer.ts';
import { QueryRecorder } from './query-recorder.ts';
import { watchedBy } from './watchers-around.ts';

/** How work has ended whose statements were collected. */
export interface CollectedWork {
  readonly durationMs: number;
  /** It answered an `Err`, rejected or threw. */
  readonly failed: boolean;
}

/**
 * Runs work, answers what it answers, and tells once it has ended which statements it has caused, by whichever SDK of this
 * process, also by what it has called and waited for; what the listener throws is ignored. Work inside work belongs to both.
 * A statement that several callers share, as the loads of the cache are, belongs to the one who came first.
 *
 * Follows asynchronous calls by Node's `AsyncLocalStorage`, and writes out each statement: for development, tests and the
 * few requests that are looked at.
 */
export function collectQueries<T>(
  work: () => T,
  onQueries: (log: QueryLog, ended: CollectedWork) => void,
): T {
  const recorder = new QueryRecorder();
  const ended = (durationMs: number, failed: boolean): void =>
    tellHost((log: QueryLog) => onQueries(log, { durationMs, failed }), recorder.log);
  return measured(new Timer(ended), () => watchedBy(recorder, work));
}
