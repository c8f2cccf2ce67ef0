import { LRUCache } from 'lru-cache';
import type { EntryPolicy } from '../../application/caching/cache-policies.ts';
import type { Watched } from './mirror.ts';
import type { Found, Ticket } from './versioned-store.ts';

/** A ticket of a store with memory: the anchors that were watched, and the versions they had. */
export interface WatchedTicket extends Ticket {
  readonly watched: readonly Watched[];
  readonly versions: readonly number[];
}

/** A value in memory; times on the clock of `performance.now()`. */
interface LocalEntry {
  readonly value: unknown;
  readonly ticket: WatchedTicket;
  readonly storedAt: number;
  readonly expiresAt: number;
  readonly graceUntil: number;
  readonly loadMs: number;
}

/**
 * Values of this process: the immutable objects themselves, shared by all readers without copying or parsing. What is
 * kept under versions that are not the present ones is never answered.
 */
export class LocalEntries {
  readonly #entries: LRUCache<string, LocalEntry>;

  constructor(maxEntries: number) {
    this.#entries = new LRUCache({ max: maxEntries });
  }

  /** What is stored under the versions that are known now. */
  current(key: string): LocalEntry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && isCurrent(entry.ticket) ? entry : undefined;
  }

  /** @param found as it is at the moment `now` */
  keep<T>(key: string, policy: EntryPolicy, ticket: WatchedTicket, found: Omit<Found<T>, 'source'>): void {
    if (!isCurrent(ticket)) return;
    const now = performance.now();
    const expiresAt = now + found.remainingMs;
    this.#entries.set(key, {
      value: found.value,
      ticket,
      storedAt: now - found.ageMs,
      expiresAt,
      graceUntil: expiresAt + (policy.graceMs ?? 0),
      loadMs: found.loadMs,
    });
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }
}

function isCurrent({ watched, versions }: WatchedTicket): boolean {
  for (let index = 0; index < watched.length; index += 1)
    if (watched[index]?.version !== versions[index]) return false;
  return true;
}

export const foundLocally = <T>(entry: LocalEntry, now: number): Found<T> => ({
  source: 'l1',
  // One key is always stored with values of one type.
  value: entry.value as T | null | undefined,
  ageMs: now - entry.storedAt,
  remainingMs: entry.expiresAt - now,
  loadMs: entry.loadMs,
});
