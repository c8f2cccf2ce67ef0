import type { Slotwise } from '../../src/index.ts';

/** What an application does with a cache of recruiters: the same few things whatever the library. */
export interface Host {
  /** Cached, and loaded when it is not. */
  readonly read: (id: number) => PromiseLike<unknown> | ReturnType<Slotwise['read']['recruiters']['get']>;
  /** A list that many ask for at once, where the library keeps lists in another way than single values. */
  readonly list?: (
    id: number,
  ) => PromiseLike<unknown> | ReturnType<Slotwise['read']['slots']['getFreeForRecruiter']>;
  /** The synchronous look into this process's memory, where the library has one. */
  readonly peek?: ((id: number) => unknown) | undefined;
  /** The recruiter's name in what `read` or `peek` answered. */
  readonly nameIn: (answer: unknown) => string;
  /** How many times the database was asked for a recruiter. */
  readonly loads: () => number;
  /** Renames, commits and tells the cache; resolves when the application would answer its own caller. */
  readonly rename: (id: number, name: string) => Promise<unknown>;
  /** Renames, tells the cache and reads back in one transaction, and rolls it back. */
  readonly renameAndRollBack: (id: number, name: string) => Promise<unknown>;
}
