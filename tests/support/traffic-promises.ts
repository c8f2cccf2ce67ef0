import { expect, it } from 'vitest';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { DEFERRED_LIMIT_MS, hitsOf, type TrafficRun } from './run-under-traffic.ts';

/** What the machine may add to any limit: two cores that run servers, traffic and tests at the same time. */
const SLACK_MS = 400;
const READ_BUDGET_MS = 50;
const COMMIT_BUDGET_MS = 500;
const RECOVERY_LIMIT_MS = 7000;

/**
 * Asserts what the SDK promises whatever happens to Redis.
 *
 * @param memory whether the reader has memory in front of Redis, which may be as old as the backplane allows
 */
export function itKeepsItsPromises(run: () => TrafficRun, { memory }: { readonly memory: boolean }): void {
  it('answers every read and makes every commit', () => {
    expect(run().phases.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { reads, applied, deferred } of run().phases) {
      expect(reads).toBeGreaterThan(20);
      expect(applied + deferred).toBeGreaterThan(4);
    }
  });

  it('lets no read wait longer than its budget for the cache', () => {
    expect(slowest('slowestReadMs')).toBeLessThan(READ_BUDGET_MS + SLACK_MS);
  });

  it('lets no commit wait longer than its budget for the cache', () => {
    expect(slowest('slowestCommitMs')).toBeLessThan(COMMIT_BUDGET_MS + SLACK_MS);
  });

  it('never finds anything in Redis that is older than a commit that answered applied', () => {
    const stale = run().phases.flatMap(({ staleReads }) => [...staleReads.writer, ...staleReads.bare]);
    expect(stale.filter(({ missed }) => missed.applied)).toEqual([]);
  });

  it('shows nothing from memory that is older for longer than it may be', () => {
    const boundMs = memory ? HEARTBEAT_LIMIT_MS : 0;
    const stale = run().phases.flatMap(({ staleReads }) => staleReads.reader);
    const broken = stale.filter(({ startedAt, missed }) => missed.applied && startedAt - missed.at > boundMs);
    expect(broken).toEqual([]);
  });

  it('never shows its own commits late, deferred ones included', () => {
    expect(run().phases.flatMap(({ staleReads }) => staleReads.writer)).toEqual([]);
  });

  it('shows deferred commits to other nodes soon after the link is up', () => {
    const { phases, recoveredAt } = run();
    const late = phases
      .flatMap(({ staleReads }) => [...staleReads.reader, ...staleReads.bare])
      .filter(({ startedAt, missed }) => startedAt - Math.max(missed.at, recoveredAt) > DEFERRED_LIMIT_MS);
    expect(late).toEqual([]);
  });

  it('ends with every node showing what was committed last', () => {
    expect(run().wrongAtTheEnd).toEqual([]);
  });

  it('uses the cache again by itself', () => {
    const { recoveredAfterMs, stats, health } = run();
    expect(recoveredAfterMs).toBeLessThan(RECOVERY_LIMIT_MS);
    expect(stats.after).toMatchObject({ state: 'up' });
    expect(hitsOf(stats.after)).toBeGreaterThan(hitsOf(stats.during));
    expect(stats.after.l1Hits > stats.during.l1Hits).toBe(memory);
    expect(health.at(-1)).toBe('up');
    expect(run().phases.at(-1)).toMatchObject({ name: 'after', deferred: 0 });
  });

  it('leaves no rejection unhandled and closes in time', () => {
    expect(run().unhandled).toEqual([]);
    expect(run().closedAfterMs).toBeLessThan(5000);
  });

  function slowest(time: 'slowestReadMs' | 'slowestCommitMs'): number {
    return Math.max(...run().phases.map((phase) => phase[time]));
  }
}
