import { LRUCache } from 'lru-cache';
import type { Clock } from '../../application/ports/clock.ts';
import { pour, type Buckets, type Pour, type Poured } from '../rate-limits/leaky-bucket.ts';
import { DEFAULT_MAX_ENTRIES } from './limits.ts';

/** What was taken in this process alone; whoever has taken nothing for longest is forgotten first. */
export class MemoryBuckets implements Buckets {
  readonly #clock: Clock;
  /** It makes all its room at once, and most SDKs limit nothing. */
  #buckets: LRUCache<string, Poured> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  pour(into: Pour): Promise<Poured> {
    this.#buckets ??= new LRUCache({ max: DEFAULT_MAX_ENTRIES });
    const key = `${into.name}:${into.hash}`;
    const poured = pour(this.#buckets.get(key), into, this.#clock.now().epochMilliseconds);
    if (poured.allowed) this.#buckets.set(key, poured);
    return Promise.resolve(poured);
  }
}
