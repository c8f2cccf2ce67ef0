import type { CacheEntry, Filling, Ticket } from '../../src/infrastructure/cache/versioned-store.ts';
import { ForwardingStore } from './forwarding-store.ts';

/** Stops between a load and the storing of what it found, when it is told to. */
export class HoldsFills extends ForwardingStore {
  #goOn: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  /** Fills that were stopped. */
  stopped = 0;

  /** From now on nothing is stored. */
  hold(): void {
    this.#goOn = Promise.withResolvers<void>();
  }

  /** What was stopped is stored now, and what comes later as well. */
  release(): void {
    this.#goOn?.resolve();
    this.#goOn = undefined;
  }

  override fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void {
    if (this.#goOn === undefined) return super.fill(entry, ticket, filling);
    this.stopped += 1;
    void this.#goOn.promise.then(() => super.fill(entry, ticket, filling));
  }
}
