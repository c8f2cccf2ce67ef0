import { describe, expect, it, vi } from 'vitest';
import { engine, entry } from './support.ts';

describe('the store in this process', () => {
  it('gives a missing version a stamp, and keeps it', () => {
    const { store } = engine();
    const first = store.lookup(entry('a'));
    expect(first).toMatchObject({ kind: 'miss', ticket: { stamp: expect.any(String) } });
    expect(store.lookup(entry('a'))).toEqual(first);
  });

  it('never gives an evicted version the value it had', () => {
    const { store } = engine(1);
    const before = store.lookup(entry('a'));
    if (before.kind !== 'miss') throw new Error('expected a miss');
    // More versions than a store for one entry keeps.
    for (let index = 0; index < 10; index += 1) store.lookup(entry(`other:${index}`));
    store.fill(entry('a'), before.ticket, { value: 'old', loadMs: 1 });
    expect(store.lookup(entry('a')).kind).toBe('miss');
  });

  it('forgets entries when their time is over', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { store } = engine();
      const short = entry('a', ['a'], 1000);
      const lookup = store.lookup(short);
      if (lookup.kind !== 'miss') throw new Error('expected a miss');
      store.fill(short, lookup.ticket, { value: 'value', loadMs: 1 });
      vi.advanceTimersByTime(850);
      expect(store.lookup(short).kind).toBe('hit');
      // A lifetime is spread by a tenth in both directions.
      vi.advanceTimersByTime(300);
      expect(store.lookup(short).kind).toBe('miss');
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers the same object to everybody', () => {
    const { store } = engine();
    const shared = entry('a');
    const lookup = store.lookup(shared);
    if (lookup.kind !== 'miss') throw new Error('expected a miss');
    store.fill(shared, lookup.ticket, { value: 'value', loadMs: 1 });
    expect(store.lookup(shared)).toMatchObject({ kind: 'hit', found: { value: 'value' } });
  });
});
