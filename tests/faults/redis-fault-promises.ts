import { beforeAll, expect, it } from 'vitest';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { itKeepsItsPromises } from '../support/traffic-promises.ts';
import { printTrafficRun } from '../support/traffic-report.ts';
import type { TrafficRun } from '../support/run-under-traffic.ts';
import { runFault, type Scenario } from './redis-fault.ts';

const ADDED_LIMIT_MS = 1;
const SCENARIO_TIMEOUT_MS = 60_000;

/** A fault during which there is no Redis to be used: the link goes down, and comes back after `heal`. */
export function describeRedisOutage(
  name: string,
  scenario: Omit<Scenario, 'outage'>,
  more: (run: () => TrafficRun) => void = () => undefined,
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
  more: (run: () => TrafficRun) => void = () => undefined,
): void {
  describeWithRedisServer(name, () =>
    describeWithPostgres('with commits to PostgreSQL', () => {
      let finished: TrafficRun | undefined;
      const run = (): TrafficRun => {
        if (finished === undefined) throw new Error('the scenario did not come to its end');
        return finished;
      };

      beforeAll(async () => {
        finished = await runFault(scenario);
        printTrafficRun(name, finished);
      }, SCENARIO_TIMEOUT_MS);

      itKeepsItsPromises(run, { memory: scenario.memory === true });
      more(run);
    }),
  );
}
