import type { EntryPolicy } from '../../application/caching/cache-policies.ts';
import { refreshableFrom } from './early-refresh.ts';
import type { Watched } from './mirror.ts';
import type { CacheEntry, Found, Held, Ticket } from './versioned-store.ts';

/** A ticket of a store with memory: the anchors that were watched, and the versions they had. */
export interface WatchedTicket extends Ticket {
  readonly watched: readonly Watched[];
  readonly versions: readonly number[];
}

/** A value in memory, ready to be answered. */
export interface LocalEntry extends Held<unknown> {
  readonly ticket: WatchedTicket;
  readonly graceUntil: number;
  /** The memory it is in, and the entry it was kept for: one entry may be asked of several memories. */
  readonly keeper: LocalEntries;
  readonly entry: Pick<CacheEntry<unknown>, 'key' | 'kept'>;
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
  current<T>(entry: CacheEntry<T>): LocalEntry | undefined {
    const kept = entry.kept as LocalEntry | undefined;
    const stored = kept?.keeper === this ? kept : this.#entries.get(entry.key);
    if (stored === undefined || !isCurrent(stored.ticket)) return undefined;
    stored.used = true;
    return stored;
  }

  keep<T>(entry: CacheEntry<T>, ticket: WatchedTicket, found: Omit<Found<T>, 'source'>): void {
    if (!isCurrent(ticket) || this.#limit === 0) return;
    const { policy } = entry;
    const { value, storedAt, expiresAt, loadMs } = found;
    this.#drop(this.#entries.get(entry.key));
    // Before the new one is there: nobody has had a chance to read it yet.
    if (this.#entries.size >= this.#limit) this.#makeRoom();
    const stored: LocalEntry = {
      kind: 'hit',
      found: { source: 'l1', value, storedAt, expiresAt, loadMs },
      ticket,
      readyUntil: readyUntil(policy, found),
      answer: undefined,
      graceUntil: expiresAt + (policy.graceMs ?? 0),
      keeper: this,
      entry,
      used: false,
    };
    this.#entries.set(entry.key, stored);
    entry.kept = stored;
  }

  clear(): void {
    for (const stored of this.#entries.values()) forget(stored);
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** In the order they were stored, or spared; after one round each has lost its mark, so this ends. */
  #makeRoom(): void {
    for (const stored of this.#entries.values()) {
      if (!stored.used) return this.#drop(stored);
      stored.used = false;
      this.#entries.delete(stored.entry.key);
      this.#entries.set(stored.entry.key, stored);
    }
  }

  #drop(stored: LocalEntry | undefined): void {
    if (stored === undefined) return;
    this.#entries.delete(stored.entry.key);
    forget(stored);
  }
}

function readyUntil({ refreshEarly }: EntryPolicy, found: Omit<Found<unknown>, 'source'>): number {
  if (found.value === undefined || found.value === null) return 0;
  return refreshEarly === true ? refreshableFrom(found) : found.expiresAt;
}

/** What made room must not live on where it was remembered. */
function forget(stored: LocalEntry): void {
  if (stored.entry.kept === stored) stored.entry.kept = undefined;
}

function isCurrent({ watched, versions }: WatchedTicket): boolean {
  // One for each: `?.` would make numbers that may be undefined, which are allocated before they are compared.
  for (let index = 0; index < watched.length; index += 1)
    if ((watched[index] as Watched).version !== versions[index]) return false;
  return true;
}
