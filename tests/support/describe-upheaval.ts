import { beforeAll, describe } from 'vitest';
import { runUnderTraffic, type TrafficRun, type Upheaval } from './run-under-traffic.ts';
import { itKeepsItsPromises } from './traffic-promises.ts';
import { printTrafficRun } from './traffic-report.ts';

const LIMIT_MS = 60_000;

/**
 * A suite around one thing that happens to several servers: runs it once with three SDKs, one of them without memory of
 * its own, and asserts what the SDK promises; `more` adds what is particular to it.
 */
export function describeUpheaval(
  name: string,
  upheaval: () => Upheaval,
  more: (run: () => TrafficRun) => void = () => undefined,
): void {
  describe(name, () => {
    let finished: TrafficRun | undefined;
    const run = (): TrafficRun => {
      if (finished === undefined) throw new Error('the run did not come to its end');
      return finished;
    };

    beforeAll(async () => {
      finished = await runUnderTraffic(upheaval());
      printTrafficRun(name, finished);
    }, LIMIT_MS);

    itKeepsItsPromises(run, { memory: true });
    more(run);
  });
}
