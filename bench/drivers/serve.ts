import { setTimeout as sleep } from 'node:timers/promises';
import { answerCalls } from '../../tests/support/child-process-calls.ts';
import type { Host } from './host.ts';
import { rateOfPeeks, rateOfReads, type Slice } from './loops.ts';
import type { Place, SetUp } from './place.ts';

export type OpenHost = (setUp: SetUp, place: Place) => Host | Promise<Host>;

/** A cache may store what it loaded after it has answered. */
const WARM_UP_PASSES = 20;
const WARM_UP_PAUSE_MS = 20;

const functionsOf = (openHost: OpenHost) => {
  let opened: Host | undefined;
  const host = (): Host => {
    if (opened === undefined) throw new Error('not opened');
    return opened;
  };

  return {
    async open({ setUp, place }: { readonly setUp: SetUp; readonly place: Place }): Promise<void> {
      opened = await openHost(setUp, place);
    },

    /** Whether there is a synchronous look. */
    peeks: (): Promise<boolean> => Promise.resolve(host().peek !== undefined),

    /** Reads everything until nothing has to be loaded any more; answers whether that came about. */
    async warmUp(ids: readonly number[]): Promise<boolean> {
      const { read, nameIn, loads } = host();
      for (let pass = 0; pass < WARM_UP_PASSES; pass += 1) {
        const before = loads();
        for (const id of ids)
          if (nameIn(await read(id)) === '') throw new Error(`recruiter ${id} has no name`);
        if (loads() === before) return true;
        await sleep(WARM_UP_PAUSE_MS);
      }
      return false;
    },

    /** Answers reads per second. */
    reads: (slice: Slice & { readonly callers: number }): Promise<number> => rateOfReads(host().read, slice),

    /** Answers synchronous looks per second. */
    looks(slice: Slice): Promise<number> {
      const { peek } = host();
      return peek === undefined
        ? Promise.reject(new Error('nothing to look with'))
        : Promise.resolve(rateOfPeeks(peek, slice));
    },

    loads: (): Promise<number> => Promise.resolve(host().loads()),

    /** Lets many callers ask for the same at a given time; answers how many times the database was asked. */
    async herd({ id, callers, at }: { readonly id: number; readonly callers: number; readonly at: number }) {
      const { read, list = read, loads } = host();
      const before = loads();
      await sleep(at - Date.now());
      await Promise.all(Array.from({ length: callers }, () => list(id)));
      return loads() - before;
    },

    async read(id: number): Promise<string> {
      return host().nameIn(await host().read(id));
    },

    async rename({ id, name }: { readonly id: number; readonly name: string }): Promise<void> {
      await host().rename(id, name);
    },

    async renameAndRollBack({ id, name }: { readonly id: number; readonly name: string }): Promise<void> {
      await host().renameAndRollBack(id, name);
    },
  };
};

export type Driver = ReturnType<typeof functionsOf>;

/** Makes this process one that the benchmark measures, until the benchmark goes away. */
export function serve(openHost: OpenHost): void {
  answerCalls(functionsOf(openHost));
  process.once('disconnect', () => process.exit());
}
