import { ok } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { AnchorTrust } from '../../../src/infrastructure/cache/anchor-trust.ts';
import { newCacheCounters } from '../../../src/infrastructure/cache/cache-counters.ts';
import { LoadGate } from '../../../src/infrastructure/cache/load-gate.ts';
import { Loader } from '../../../src/infrastructure/cache/loader.ts';
import { MemoryStore } from '../../../src/infrastructure/cache/memory-store.ts';
import type { CacheEntry, Lookup, Ticket } from '../../../src/infrastructure/cache/versioned-store.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';
import { ForwardingStore } from '../../support/forwarding-store.ts';
import { always, entry } from './support.ts';

const list = entry('recruiters:active', undefined, undefined, { loadLock: true });

/** Somebody else loads everything, and is never done. */
class LockedStore extends ForwardingStore {
  looks = 0;

  override lock(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override lookAgain<T>(wanted: CacheEntry<T>): Promise<Lookup<T>> {
    this.looks += 1;
    return super.lookAgain(wanted);
  }
}

const loading = () => {
  const memory = new MemoryStore(100, newCacheCounters());
  const store = new LockedStore(memory);
  const parts = {
    store,
    trust: new AnchorTrust(),
    counters: newCacheCounters(),
    gate: new LoadGate(1, 1000),
    signals: signalsOf(),
  };
  return { store, loader: new Loader(parts) };
};

function ticketOf(store: LockedStore, wanted: CacheEntry<string>): Ticket {
  const lookup = store.lookup(wanted);
  if (lookup instanceof Promise || lookup.kind !== 'miss') throw new Error('not a miss');
  return lookup.ticket;
}

describe('a load that another process has locked', () => {
  it('is waited for only as long as the versions are the ones it was locked under', async () => {
    const { store, loader } = loading();
    const loaded = loader.refill(list, ticketOf(store, list), always('loaded here').outside);
    await store.bump(list.anchors);
    expect(await loaded).toEqual(ok('loaded here'));
    expect(store.looks).toBe(1);
  });

  it('is stored under the versions that were seen before it was made in the end', async () => {
    const { store, loader } = loading();
    const loaded = loader.refill(list, ticketOf(store, list), always('loaded here').outside);
    await store.bump(list.anchors);
    expect((await loaded).isOk()).toBe(true);
    expect(store.held(list)?.found.value).toBe('loaded here');
  });

  it('is waited for no longer than its time when nothing changes', async () => {
    const { store, loader } = loading();
    const loaded = loader.refill(list, ticketOf(store, list), always('loaded here').outside);
    expect(await loaded).toEqual(ok('loaded here'));
    expect(store.looks).toBeGreaterThan(1);
  });
});
