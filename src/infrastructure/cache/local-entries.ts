import type { EntryPolicy } from '../../application/caching/cache-policies.ts';
import type { Watched } from './mirror.ts';
import type { Found, Hit, Ticket } from './versioned-store.ts';

/** A ticket of a store with memory: the anchors that were watched, and the versions they had. */
export interface WatchedTicket extends Ticket {
  readonly watched: readonly Watched[];
  readonly versions: readonly number[];
}

/** A value in memory, ready to be answered. */
export interface LocalEntry extends Hit<unknown> {
  readonly ticket: WatchedTicket;
  readonly graceUntil: number;
  /** Read since it was last looked at for making room. */
  used: boolean;
}

/**
 * Values of this process: the immutable objects themselves, shared by all readers without copying or parsing. What is
 * kept under versions that are not the present ones is never answered.
 *
 * Room is made by the second-chance algorithm (CLOCK; Corbato, "A Paging Experiment with the Multics System", 1968): the
 * oldest entry goes unless it was read, which costs a hit one assignment instead of a place in a list.
 */
export class LocalEntries {
  readonly #limit: number;
  readonly #entries = new Map<string, LocalEntry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is stored under the versions that are known now. */
  current(key: string): LocalEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !isCurrent(entry.ticket)) return undefined;
    entry.used = true;
    return entry;
  }

  keep<T>(key: string, policy: EntryPolicy, ticket: WatchedTicket, found: Omit<Found<T>, 'source'>): void {
    if (!isCurrent(ticket) || this.#limit === 0) return;
    const { value, storedAt, expiresAt, loadMs } = found;
    this.#entries.delete(key);
    // Before the new one is there: nobody has had a chance to read it yet.
    if (this.#entries.size >= this.#limit) this.#makeRoom();
    this.#entries.set(key, {
      kind: 'hit',
      found: { source: 'l1', value, storedAt, expiresAt, loadMs },
      ticket,
      graceUntil: expiresAt + (policy.graceMs ?? 0),
      used: false,
    });
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** In the order they were stored, or spared; after one round each has lost its mark, so this ends. */
  #makeRoom(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.used) return;
      entry.used = false;
      this.#entries.set(key, entry);
    }
  }
}

function isCurrent({ watched, versions }: WatchedTicket): boolean {
  for (let index = 0; index < watched.length; index += 1)
    if (watched[index]?.version !== versions[index]) return false;
  return true;
}
