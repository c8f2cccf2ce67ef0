import type { Place, SetUp } from './drivers/place.ts';
import type { Library, PlainRead } from './libraries.ts';
import { Lineup, type Entrant } from './lineup.ts';
import { measure, type Contender, type Plan, type Rates } from './measure.ts';

/** Reads per second, round by round, by the name of the library. */
export type Column = ReadonlyMap<string, readonly number[]>;

export interface Speeds {
  /** Synchronous looks into memory. */
  readonly looks: Column;
  /** Awaited answers from memory. */
  readonly memory: Column;
  readonly redis: CallerColumns;
  readonly database: CallerColumns;
  /** What should have been hits and had to be loaded, by the name of the library. */
  readonly loaded: ReadonlyMap<string, number>;
}

export interface CallerColumns {
  readonly one: Column;
  readonly many: Column;
}

/** This many at a time are many callers. */
export const MANY_CALLERS = 100;

export interface Bench {
  readonly place: Place;
  readonly ids: readonly number[];
  readonly plan: Plan;
}

/** Lets every library answer from memory and from Redis, and the database answer without one. */
export async function measureSpeeds(
  libraries: readonly Library[],
  plainReads: readonly PlainRead[],
  bench: Bench,
): Promise<Speeds> {
  const having = (tier: 'memory' | 'redis'): readonly Entrant[] =>
    libraries.flatMap(({ name, program, [tier]: setUp }) =>
      setUp === undefined ? [] : [{ name, program, setUp }],
    );
  const memory = await hitsInMemory(having('memory'), bench);
  const redis = await byCallers(having('redis'), bench);
  const database = await byCallers(
    plainReads.map((read) => ({ ...read, setUp: 'database' as const satisfies SetUp })),
    bench,
  );
  const loaded = [...memory.loaded, ...redis.loaded];
  return {
    ...memory,
    redis,
    database,
    loaded: new Map(
      loaded.map(([name]) => [
        name,
        loaded.reduce((sum, [of, count]) => (of === name ? sum + count : sum), 0),
      ]),
    ),
  };
}

async function hitsInMemory(
  entrants: readonly Entrant[],
  { place, ids, plan }: Bench,
): Promise<Pick<Speeds, 'looks' | 'memory' | 'loaded'>> {
  await using lineup = await Lineup.open(entrants, place, ids);
  const [looks, reads] = [lineup.looks(), lineup.reads(1)];
  const rates = await measure([...looks, ...reads], plan);
  return { looks: columnOf(looks, rates), memory: columnOf(reads, rates), loaded: await lineup.loaded() };
}

async function byCallers(
  entrants: readonly Entrant[],
  { place, ids, plan }: Bench,
): Promise<CallerColumns & Pick<Speeds, 'loaded'>> {
  await using lineup = await Lineup.open(entrants, place, ids);
  const [one, many] = [lineup.reads(1), lineup.reads(MANY_CALLERS)];
  return {
    one: columnOf(one, await measure(one, plan)),
    many: columnOf(many, await measure(many, plan)),
    loaded: await lineup.loaded(),
  };
}

const columnOf = (contenders: readonly Contender[], rates: Rates): Column =>
  new Map(contenders.map((contender) => [contender.name, rates.get(contender) ?? []]));
