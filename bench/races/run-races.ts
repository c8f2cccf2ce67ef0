import type { Place } from '../drivers/place.ts';
import type { Library } from '../libraries.ts';
import { herd } from './herd.ts';
import { races, type Race } from './races.ts';
import { POOL_SIZE, Stage } from './stage.ts';
import type { Sightings } from './watch.ts';

export interface Coherence {
  /** Loads that the herd took. */
  readonly loads: number;
  /** What was seen in each race, or why it could not be run. */
  readonly races: ReadonlyMap<Race, Sightings | Error>;
}

/** Asking for so many at once opens all connections of a process. */
const OPENERS = POOL_SIZE;

/** Recruiters that one library needs: for each part some that open connections, and those it is about. */
export const RECRUITERS_PER_LIBRARY = OPENERS + 1 + OPENERS + races.length;

/** The death of the writer comes last. */
const ORDER = ['a', 'b', 'e', 'd', 'c'];

/**
 * Sends every library through the herd, one after the other, and then through the races, all at the same time: there
 * they mostly wait.
 */
export async function runRaces(
  libraries: readonly Library[],
  place: Place,
  recruiters: readonly number[],
): Promise<ReadonlyMap<string, Coherence>> {
  await using stages = new AsyncDisposableStack();
  const entered: (() => Promise<readonly [string, Coherence]>)[] = [];
  for (const [index, library] of libraries.entries()) {
    const ids = [...recruiters].splice(index * RECRUITERS_PER_LIBRARY, RECRUITERS_PER_LIBRARY);
    const stage = stages.use(await Stage.open(library, place));
    const loads = await herd(stage, ids.pop() ?? 0, ids.splice(0, OPENERS));
    await stage.dismissAllButTwo();
    entered.push(async () => [library.name, { loads, races: await runAll(stage, ids) }]);
  }
  return new Map(await Promise.all(entered.map((start) => start())));
}

async function runAll(stage: Stage, ids: readonly number[]): Promise<Coherence['races']> {
  const openers = ids.slice(0, OPENERS);
  const seen = new Map<Race, Sightings | Error>();
  for (const letter of ORDER) {
    const index = races.findIndex((race) => race.letter === letter);
    const [race, id] = [races[index], ids[OPENERS + index]];
    if (race === undefined || id === undefined) throw new Error(`there is no race ${letter}`);
    await stage.warmUp(openers);
    seen.set(race, await race.run(stage, id).catch((cause: unknown) => new Error(String(cause))));
  }
  return seen;
}
