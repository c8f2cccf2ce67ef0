import type { SlotReader } from '../../src/index.ts';

/** One way to read a slot by its id. */
export interface Contender {
  readonly name: string;
  readonly read: (id: number) => PromiseLike<unknown> | ReturnType<SlotReader['get']>;
  /** The id of what was read, to be certain that everybody reads the same thing. */
  readonly idOf: (answer: unknown) => number;
  /** Where the reads came from, for those that could have come from somewhere else. */
  readonly note?: () => string;
}
