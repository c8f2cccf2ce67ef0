import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { orThrow } from '../../examples/support/or-throw.ts';
import { answerCalls } from '../../tests/support/child-process-calls.ts';
import { openSdk } from './open-sdk.ts';
import type { Place } from './place.ts';

interface Job {
  readonly place: Place;
  readonly ids: readonly number[];
  readonly rounds: number;
}

/** Milliseconds, the median of each round. */
export interface MissTimes {
  readonly miss: readonly number[];
  readonly uncached: readonly number[];
  readonly roundTrip: readonly number[];
}

const FILL_LIMIT_MS = 1_000;

/**
 * How long a reader waits who finds no entry, but its versions; beside what that cannot do without, a query and a round
 * trip to Redis. The three take turns.
 */
async function measureMisses({ place, ids, rounds }: Job): Promise<MissTimes> {
  await using cached = await openSdk('redis', place);
  await using uncached = await openSdk('database', place);
  const redis = new Redis(place.redisUrl);
  const filled = async (before: number): Promise<void> => {
    for (const deadline = performance.now() + FILL_LIMIT_MS; performance.now() < deadline; await nextTurn())
      if (cached.cache.stats().fills > before) return;
    throw new Error('what was loaded was not stored');
  };

  const times = { miss: [] as number[], uncached: [] as number[], roundTrip: [] as number[] };
  // The first round opens connections, creates the versions and is thrown away.
  for (let round = -1; round < rounds; round += 1) {
    const stored = await entriesIn(redis, place.prefix);
    const once = { miss: [] as number[], uncached: [] as number[], roundTrip: [] as number[] };
    for (const id of ids) {
      const keys = stored.filter((key) => key.endsWith(`:recruiter:${id}`));
      if (keys.length > 0) await redis.unlink(keys);
      const { fills, misses } = cached.cache.stats();
      once.roundTrip.push(await timeOf(() => redis.get(`${place.prefix}:absent`)));
      once.uncached.push(await timeOf(async () => orThrow(await uncached.read.recruiters.get(id))));
      once.miss.push(await timeOf(async () => orThrow(await cached.read.recruiters.get(id))));
      if (cached.cache.stats().misses !== misses + 1) throw new Error('it was not a miss');
      await filled(fills);
    }
    if (round >= 0)
      for (const name of ['miss', 'uncached', 'roundTrip'] as const) times[name].push(median(once[name]));
  }
  redis.disconnect();
  return times;
}

/** The keys that are not versions. */
async function entriesIn(redis: Redis, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const found of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }))
    keys.push(...(found as string[]));
  return keys.filter((key) => !key.startsWith(`${prefix}:v:`));
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const handlers = { measureMisses };

export type MissDriver = typeof handlers;

answerCalls(handlers);
