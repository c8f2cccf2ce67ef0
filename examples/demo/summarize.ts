import type { Stage } from './stage.ts';
import { count, ms } from './transcript.ts';

const SHOWN = 8;

export function summarize({ sdk, recorder, transcript }: Stage, startedAt: number): void {
  transcript.title('Summary');
  const { l1Hits, l2Hits, misses, bypassed, loads, sharedLoads, hitRate, bumps, deferredCommits } =
    sdk.cache.stats();
  transcript.table([
    ['reads', count(l1Hits + l2Hits + misses + bypassed), `${(hitRate * 100).toFixed(1)} % from the cache`],
    ['', count(l1Hits), 'from process memory (l1)'],
    ['', count(l2Hits), 'from Redis (l2)'],
    ['', count(misses), 'not in the cache, or no longer valid'],
    ['', count(bypassed), 'past the cache: it was off, or a snapshot was asked for'],
    ['queries for reads', count(loads), `and ${count(sharedLoads)} reads that shared one`],
    ['invalidation', count(bumps), `anchors raised, ${count(deferredCommits)} commits deferred`],
  ]);
  transcript.say();

  const byOperation = new Map<string, number[]>();
  for (const { operation, durationMs } of recorder.statements)
    byOperation.set(operation, [...(byOperation.get(operation) ?? []), durationMs]);
  const busiest = [...byOperation].sort(([, a], [, b]) => b.length - a.length).slice(0, SHOWN);
  transcript.table([
    ['statements', 'times', 'median', 'slowest'],
    ...busiest.map(([operation, durations]) => [
      operation,
      count(durations.length),
      ms(median(durations)),
      ms(Math.max(...durations)),
    ]),
    [`all ${byOperation.size} kinds`, count(recorder.statements.length)],
  ]);
  transcript.say();
  transcript.say(`${transcript.checks} expectations held, in ${ms(performance.now() - startedAt)}`);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
