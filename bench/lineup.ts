import { ChildWorker } from '../tests/support/child-process.ts';
import type { Place, SetUp } from './drivers/place.ts';
import type { Driver } from './drivers/serve.ts';
import type { Contender } from './measure.ts';

export interface Entrant {
  readonly name: string;
  readonly program: URL;
  readonly setUp: SetUp;
}

/** Libraries that are open and warm, each in a process of its own, so that none meets the packages of another. */
export class Lineup implements AsyncDisposable {
  readonly #ids: readonly number[];
  readonly #workers = new Map<string, ChildWorker<Driver>>();
  readonly #peeking = new Set<string>();
  /** Of those who should not have to load any more. */
  readonly #loadsBefore = new Map<string, number>();

  private constructor(ids: readonly number[]) {
    this.#ids = ids;
  }

  static async open(entrants: readonly Entrant[], place: Place, ids: readonly number[]): Promise<Lineup> {
    const lineup = new Lineup(ids);
    for (const { name, program } of entrants) lineup.#workers.set(name, new ChildWorker<Driver>(program));
    for (const { name, setUp } of entrants) {
      const worker = lineup.#workers.get(name);
      if (worker === undefined) continue;
      // Keys of their own: set-ups of one library do not store the same things.
      const prefix = `${place.prefix}:${name.replaceAll(/\W+/g, '-')}:${setUp}`;
      await worker.call('open', { setUp, place: { ...place, prefix } });
      if (setUp === 'database') continue;
      if (!(await worker.call('warmUp', ids))) throw new Error(`${name} does not cache`);
      lineup.#loadsBefore.set(name, await worker.call('loads', undefined));
      if (await worker.call('peeks', undefined)) lineup.#peeking.add(name);
    }
    return lineup;
  }

  /** Callers who wait for each answer. */
  reads(callers: number): readonly Contender[] {
    return [...this.#workers].map(([name, worker]) => ({
      name,
      run: (sliceMs) => worker.call('reads', { ids: this.#ids, sliceMs, callers }),
    }));
  }

  /** Synchronous looks, of those that offer them. */
  looks(): readonly Contender[] {
    return [...this.#workers]
      .filter(([name]) => this.#peeking.has(name))
      .map(([name, worker]) => ({
        name,
        run: (sliceMs) => worker.call('looks', { ids: this.#ids, sliceMs }),
      }));
  }

  /** What should have been hits and had to be loaded, by name. */
  async loaded(): Promise<ReadonlyMap<string, number>> {
    const loaded = new Map<string, number>();
    for (const [name, before] of this.#loadsBefore) {
      const count = ((await this.#workers.get(name)?.call('loads', undefined)) ?? before) - before;
      if (count > 0) loaded.set(name, count);
    }
    return loaded;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers.values()) await worker.kill();
  }
}
