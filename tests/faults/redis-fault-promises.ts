import { beforeAll, expect, it } from 'vitest';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { DEFERRED_LIMIT_MS, hitsOf, runFault, type FaultRun, type Scenario } from './redis-fault.ts';
import { printFaultRun } from './redis-fault-report.ts';

/** What the machine may add to any limit: two cores that run servers, traffic and tests at the same time. */
const SLACK_MS = 400;
const READ_BUDGET_MS = 50;
const COMMIT_BUDGET_MS = 500;
const RECOVERY_LIMIT_MS = 7000;
const ADDED_LIMIT_MS = 1;
const SCENARIO_TIMEOUT_MS = 60_000;

/** A fault during which there is no Redis to be used: the link goes down, and comes back after `heal`. */
export function describeRedisOutage(
  name: string,
  scenario: Omit<Scenario, 'outage'>,
  more: (run: () => FaultRun) => void = () => undefined,
): void {
  describeRedisFault(name, { ...scenario, outage: true }, (run) => {
    it('adds next to nothing to reads while Redis is away', () => {
      expect(run().added?.addedMs).toBeLessThan(ADDED_LIMIT_MS);
      expect(run().stats.during.state).toBe('degraded');
    });
    more(run);
  });
}

/**
 * A suite around one fault: runs it once and asserts what the SDK promises whatever happens to Redis; `more` adds what
 * is particular to this fault.
 */
export function describeRedisFault(
  name: string,
  scenario: Scenario,
  more: (run: () => FaultRun) => void = () => undefined,
): void {
  describeWithRedisServer(name, () =>
    describeWithPostgres('with commits to PostgreSQL', () => {
      let finished: FaultRun | undefined;
      const run = (): FaultRun => {
        if (finished === undefined) throw new Error('the scenario did not come to its end');
        return finished;
      };

      beforeAll(async () => {
        finished = await runFault(scenario);
        printFaultRun(name, finished);
      }, SCENARIO_TIMEOUT_MS);

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

      it('never shows anything older than a commit that answered applied', () => {
        const boundMs = scenario.memory === true ? HEARTBEAT_LIMIT_MS : 0;
        const stale = run().phases.flatMap(({ staleReads }) => staleReads.reader);
        const broken = stale.filter(
          ({ missed, startedAt }) => missed.applied && startedAt - missed.at > boundMs,
        );
        expect(broken).toEqual([]);
      });

      it('never shows its own commits late, deferred ones included', () => {
        expect(run().phases.flatMap(({ staleReads }) => staleReads.writer)).toEqual([]);
      });

      it('shows deferred commits to other nodes soon after the link is up', () => {
        const { phases, recoveredAt } = run();
        const late = phases
          .flatMap(({ staleReads }) => staleReads.reader)
          .filter(
            ({ startedAt, missed }) => startedAt - Math.max(missed.at, recoveredAt) > DEFERRED_LIMIT_MS,
          );
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
        expect(stats.after.l1Hits > stats.during.l1Hits).toBe(scenario.memory === true);
        expect(health.at(-1)).toBe('up');
        expect(run().phases.at(-1)).toMatchObject({ name: 'after', deferred: 0 });
      });

      it('leaves no rejection unhandled and closes in time', () => {
        expect(run().unhandled).toEqual([]);
        expect(run().closedAfterMs).toBeLessThan(5000);
      });

      more(run);

      function slowest(time: 'slowestReadMs' | 'slowestCommitMs'): number {
        return Math.max(...run().phases.map((phase) => phase[time]));
      }
    }),
  );
}
