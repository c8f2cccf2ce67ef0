import type { ReadSource } from '../../../application/ports/instrumentation.ts';
import { BoundedMap } from './bounded-map.ts';

/** How often a query was answered from where. */
export type SourceCounts = Readonly<Record<ReadSource | 'negative', number>>;

type Counts = { -readonly [Source in keyof SourceCounts]: number };

/** Counts reads by query and source: a look-up and an addition for each, and no object. */
export class ReadCounts {
  readonly #counts: BoundedMap<Counts>;

  constructor(maxNames: number) {
    this.#counts = new BoundedMap<Counts>(maxNames, () => ({
      l1: 0,
      l2: 0,
      stale: 0,
      database: 0,
      negative: 0,
    }));
  }

  /** @param negative whether the cache answered that there is nothing */
  count(query: string, source: ReadSource, negative: boolean): void {
    const counts = this.#counts.of(query);
    counts[source] += 1;
    if (negative) counts.negative += 1;
  }

  get byQuery(): Readonly<Record<string, SourceCounts>> {
    return Object.fromEntries(this.#counts.entries.map(([query, counts]) => [query, { ...counts }]));
  }

  reset(): void {
    this.#counts.clear();
  }
}
