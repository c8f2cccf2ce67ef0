import type { Lookup, VersionedStore } from './versioned-store.ts';

const done = (): Promise<boolean> => Promise.resolve(true);

/** Keeps nothing. Loads are not shared: without versions nobody can tell which of them are old. */
export function noStore(): VersionedStore {
  let asked = 0;
  const miss = (): Lookup<never> => ({ kind: 'miss', ticket: { stamp: String((asked += 1)) } });
  return {
    lookup: miss,
    lookupMany: (entries) => entries.map(miss),
    lookAgain: () => Promise.resolve(miss()),
    held: () => undefined,
    fill: () => undefined,
    put: done,
    mark: () => Promise.resolve(false),
    bump: done,
    lock: done,
    unlock: () => undefined,
  };
}
