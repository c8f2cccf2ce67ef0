import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheEntry, Filling, Ticket } from '../../src/infrastructure/cache/versioned-store.ts';
import { ForwardingStore } from './forwarding-store.ts';

const WIDEST_RACE_MS = 8;

/**
 * The mistake that read-through caches usually make: what was loaded is stored as if it were as new as the moment of
 * storing. A commit between the load and the fill then leaves the old value valid.
 */
export class StampAfterLoad extends ForwardingStore {
  override fill<T>(entry: CacheEntry<T>, _ticket: Ticket, filling: Filling<T>): void {
    void this.#fillLater(entry, filling);
  }

  async #fillLater<T>(entry: CacheEntry<T>, filling: Filling<T>): Promise<void> {
    await sleep(Math.random() * WIDEST_RACE_MS);
    const now = await this.lookup(entry);
    if (now.kind !== 'unavailable') super.fill(entry, now.ticket, filling);
  }
}
