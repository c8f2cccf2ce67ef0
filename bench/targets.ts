import type { MissTimes } from './drivers/slotwise-miss.ts';
import { bentoCache, ioredis, layeredLoader, pgSelect, slotwise, uncached } from './libraries.ts';
import { ratioOf, spreadOf, type Spread } from './measure.ts';
import { HERD } from './races/herd.ts';
import type { Coherence } from './races/run-races.ts';
import { MANY_CALLERS, type Column, type Speeds } from './speeds.ts';

/** A figure that the project promises, beside what was measured. */
export interface Target {
  readonly name: string;
  readonly bound: 'at least' | 'at most';
  readonly limit: number;
  readonly unit: '×' | 'loads' | 'MB';
  /** Absent where what it needs was left out. */
  readonly measured: Spread | undefined;
}

interface Measurements {
  readonly speeds: Speeds;
  readonly misses: MissTimes;
  readonly l1Bytes: number;
  readonly coherence: ReadonlyMap<string, Coherence> | undefined;
}

export function targetsFor({ speeds, misses, l1Bytes, coherence }: Measurements): readonly Target[] {
  const { looks, memory, redis, database } = speeds;
  const faster = (column: Column, than: string, limit: number, name: string): Target => ({
    name,
    bound: 'at least',
    limit,
    unit: '×',
    measured: between(column.get(slotwise.name), column.get(than)),
  });
  // Time is the inverse of speed.
  const longer = (
    column: Column,
    than: string,
    [of, limit]: readonly [name: string, limit: number],
    name: string,
  ): Target => ({
    name,
    bound: 'at most',
    limit,
    unit: '×',
    measured: between(column.get(than), column.get(of)),
  });
  const loads = coherence?.get(slotwise.name)?.loads;
  return [
    faster(looks, layeredLoader.name, 1, 'synchronous hit : getInMemoryOnly of layered-loader'),
    faster(memory, layeredLoader.name, 0.5, 'awaited hit in L1 : get of layered-loader'),
    faster(memory, bentoCache.name, 4, 'awaited hit in L1 : BentoCache without serializing'),
    longer(
      redis.one,
      ioredis.name,
      [slotwise.name, 1.25],
      'time of a hit in Redis, one caller : ioredis GET + JSON.parse',
    ),
    faster(redis.many, ioredis.name, 2, `hits in Redis, ${MANY_CALLERS} callers : ioredis GET + JSON.parse`),
    faster(redis.many, bentoCache.name, 10, `hits in Redis, ${MANY_CALLERS} callers : BentoCache with a tag`),
    {
      name: 'time of a miss, versions present : a query and a Redis round trip',
      bound: 'at most',
      limit: 1.15,
      unit: '×',
      measured: ratioOf(
        misses.miss,
        misses.uncached.map((queryMs, round) => queryMs + (misses.roundTrip[round] ?? Number.NaN)),
      ),
    },
    longer(
      database.one,
      pgSelect.name,
      [uncached.name, 1.3],
      'time of a read without a cache, one caller : select through pg',
    ),
    longer(
      database.many,
      pgSelect.name,
      [uncached.name, 1.3],
      `time of a read without a cache, ${MANY_CALLERS} callers : select through pg`,
    ),
    {
      name: `loads for ${HERD.callersPerProcess.toLocaleString('en-US')} callers in each of ${HERD.processes} processes on a cold key`,
      bound: 'at most',
      limit: 1,
      unit: 'loads',
      measured: loads === undefined ? undefined : spreadOf([loads]),
    },
    {
      name: 'heap of an L1 with 10,000 slots',
      bound: 'at most',
      limit: 20,
      unit: 'MB',
      measured: spreadOf([l1Bytes / 1_000_000]),
    },
  ];
}

const between = (
  over: readonly number[] | undefined,
  under: readonly number[] | undefined,
): Spread | undefined => (over === undefined || under === undefined ? undefined : ratioOf(over, under));
