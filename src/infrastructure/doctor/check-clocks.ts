import type { Clock } from '../../application/ports/clock.ts';
import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import type { ServerFacts } from '../cache/redis/server-facts.ts';
import { foundOr, well, type Check } from './check.ts';

const WARNING_MS = 1000;
const CRITICAL_MS = 30_000;

const statement = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as "timeMs"';

/**
 * Deadlines are decided by PostgreSQL's clock and shown by the one of the process. Redis stamps versions with its own,
 * which need only grow, so that one is never critical.
 */
export const checkClocks: Check = ({ catalogue, clock, cacheServers }) => {
  const skew = skewFrom(clock);
  return catalogue
    .rows<{ readonly timeMs: number }>('clock', statement)
    .map((rows) => rows.map(({ timeMs }) => skew(timeMs)))
    .map(async (ofDatabase) => {
      const ofCache = await Promise.all(
        (cacheServers?.() ?? []).map((server) => skewOfServer(server, clock)),
      );
      return foundOr(
        [...ofDatabase.flatMap(databaseFinding), ...ofCache.flatMap(cacheFinding)],
        well('clocks', 'the clocks of the process and of its servers differ by less than a second'),
      );
    });
};

/** Begins a question; what it answers with the time that came back is how far apart the clocks are for certain. */
function skewFrom(clock: Clock): (answeredMs: number) => number {
  const sentMs = clock.now().epochMilliseconds;
  return (answeredMs) => {
    const receivedMs = clock.now().epochMilliseconds;
    if (answeredMs < sentMs) return answeredMs - sentMs;
    return Math.max(0, answeredMs - receivedMs);
  };
}

async function skewOfServer(server: ServerFacts, clock: Clock): Promise<number> {
  const skew = skewFrom(clock);
  const timeMs = await server.timeMs();
  // That it does not answer is told by the check of its memory.
  return timeMs === undefined ? 0 : skew(timeMs);
}

const databaseFinding = (skewMs: number): readonly DoctorFinding[] =>
  finding('PostgreSQL', skewMs, CRITICAL_MS);

const cacheFinding = (skewMs: number): readonly DoctorFinding[] =>
  finding('Redis', skewMs, Number.POSITIVE_INFINITY);

function finding(server: string, skewMs: number, criticalMs: number): readonly DoctorFinding[] {
  const apartMs = Math.abs(skewMs);
  if (apartMs < WARNING_MS) return [];
  return [
    {
      check: 'clocks',
      level: apartMs >= criticalMs ? 'critical' : 'warning',
      message: `the clock of ${server} is ${(apartMs / 1000).toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the one of this process`,
      remedy: 'have both machines keep time with NTP',
    },
  ];
}
