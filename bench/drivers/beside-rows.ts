import type { Host } from './host.ts';
import type { Place, SetUp } from './place.ts';
import { Rows, type RecruiterRow } from './rows.ts';

/** A cache that is given a function to load with and is told by hand what has changed. */
export interface CacheBesideRows {
  readonly read: (id: number) => Promise<RecruiterRow | null | undefined>;
  readonly peek?: (id: number) => RecruiterRow | null | undefined;
  readonly invalidate: (id: number) => Promise<unknown>;
}

export type OpenCache = (
  setUp: SetUp,
  place: Place,
  load: (id: number) => Promise<RecruiterRow | undefined>,
) => CacheBesideRows | Promise<CacheBesideRows>;

/** An application that reads through such a cache, and invalidates after it has committed, as every guide says. */
export const besideRows =
  (open: OpenCache) =>
  async (setUp: SetUp, place: Place): Promise<Host> => {
    const rows = new Rows(place);
    const cache = await open(setUp, place, (id) => rows.load(id));
    return {
      read: cache.read,
      peek: cache.peek,
      nameIn: (answer) => (answer as RecruiterRow).name,
      loads: () => rows.loads,
      async rename(id, name) {
        await rows.rename(id, name);
        await cache.invalidate(id);
      },
      renameAndRollBack: (id, name) =>
        rows.rolledBack(async () => {
          await rows.rename(id, name);
          await cache.invalidate(id);
          await cache.read(id);
        }),
    };
  };
