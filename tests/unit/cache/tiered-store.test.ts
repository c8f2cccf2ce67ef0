import { describe, expect, it } from 'vitest';
import { entry } from './support.ts';
import { tiered } from './shared-store.ts';

const slot = entry('slot:1', ['slot:1', 'slots']);

describe('memory in front of a shared store', () => {
  it('answers at once what it has loaded itself', async () => {
    const { store, shared, load } = tiered();
    await load(slot, 'value');
    expect(store.lookup(slot)).toMatchObject({ kind: 'hit', found: { source: 'l1', value: 'value' } });
    expect(shared.lookups).toBe(1);
  });

  it('keeps what another process has stored', async () => {
    const { store, shared, lookup, load } = tiered();
    await load(slot, 'value');
    store.clear();
    expect(await lookup(slot)).toMatchObject({ kind: 'hit', found: { source: 'l2' } });
    expect(store.lookup(slot)).toMatchObject({ kind: 'hit', found: { source: 'l1' } });
    expect(shared.lookups).toBe(2);
  });

  it('drops what an announced change of any of its anchors concerns', async () => {
    const { store, shared, lookup, load } = tiered();
    await load(slot, 'old');
    store.announce('slots', shared.raise('slots'));
    expect(await lookup(slot)).toMatchObject({ kind: 'miss' });
  });

  it('moves its own mirror with its own bump, before anything is announced', async () => {
    const { store, lookup, load } = tiered();
    await load(slot, 'old');
    await store.bump(['slot:1']);
    expect(await lookup(slot)).toMatchObject({ kind: 'miss' });
  });

  it('does not keep an answer that an announcement has overtaken', async () => {
    const { store, shared, load, lookup } = tiered();
    await load(slot, 'old');
    store.clear();
    const looking = store.lookup(slot);
    store.announce('slot:1', shared.raise('slot:1'));
    shared.deliver();
    expect(await looking).toMatchObject({ kind: 'hit', found: { value: 'old' } });
    expect(await lookup(slot)).toMatchObject({ kind: 'miss' });
  });

  it('does not keep an answer that was on its way when it was emptied', async () => {
    const { store, shared, load } = tiered();
    await load(slot, 'value');
    store.clear();
    const looking = store.lookup(slot);
    store.clear();
    shared.deliver();
    expect(await looking).toMatchObject({ kind: 'hit', found: { value: 'value' } });
    expect(store.held(slot)).toBeUndefined();
    expect(store.size).toBe(0);
  });

  it('does not keep a value whose load began before it was emptied', async () => {
    const { store, lookup } = tiered();
    const looked = await lookup(slot);
    store.clear();
    if (looked.kind !== 'miss') throw new Error('expected a miss');
    store.fill(slot, looked.ticket, { value: 'value', loadMs: 1 });
    expect(store.held(slot)).toBeUndefined();
  });

  it('asks the shared store, and keeps nothing, while the backplane is not heard', async () => {
    const { store, backplane, lookup, load } = tiered();
    backplane.trustedUntil = 0;
    await load(slot, 'value');
    expect(await lookup(slot)).toMatchObject({ kind: 'hit', found: { source: 'l2' } });
    expect(store.size).toBe(0);
    expect(store.held(slot)).toBeUndefined();
    expect(backplane.lateReads).toBeGreaterThan(0);
  });

  it('looks at the clock before it answers, not at what its timers have noticed', async () => {
    const { store, backplane, load } = tiered();
    backplane.trustedUntil = performance.now() + 50;
    await load(slot, 'value');
    expect(store.held(slot)?.found.value).toBe('value');
    while (performance.now() < backplane.trustedUntil);
    expect(store.held(slot)).toBeUndefined();
    expect(store.lookup(slot)).toBeInstanceOf(Promise);
  });

  it('asks for what it does not hold and answers the rest, in the order asked for', async () => {
    const { store, shared, load } = tiered();
    await load(entry('b'), 'in memory');
    const looking = store.lookupMany([entry('a'), entry('b'), entry('c')]);
    shared.deliver();
    const lookups = await looking;
    expect(lookups.map(({ kind }) => kind)).toEqual(['miss', 'hit', 'miss']);
    expect(shared.lookups).toBe(3);
  });

  it('asks nobody when it holds everything', async () => {
    const { store, shared, load } = tiered();
    await load(entry('a'), 'a');
    await load(entry('b'), 'b');
    const lookups = await store.lookupMany([entry('b'), entry('a')]);
    expect(lookups.map((lookup) => (lookup.kind === 'hit' ? lookup.found.value : undefined))).toEqual([
      'b',
      'a',
    ]);
    expect(shared.lookups).toBe(2);
  });

  it('looks again in the shared store whatever it holds', async () => {
    const { store, shared, load } = tiered();
    await load(slot, 'value');
    const looking = store.lookAgain(slot);
    shared.deliver();
    expect(await looking).toMatchObject({ kind: 'hit', found: { source: 'l2' } });
  });

  it('forgets what was set before it was set anew', async () => {
    const { store, lookup, load } = tiered();
    await load(slot, 'loaded');
    expect(await store.put(slot, 'set')).toBe(true);
    expect(await lookup(slot)).toMatchObject({ kind: 'hit', found: { source: 'l2', value: 'set' } });
  });

  it('forgets what a lost version concerned, also when the same version is made once more', async () => {
    const { store, shared, lookup, load } = tiered();
    await load(slot, 'old');
    const before = shared.versions.get('slot:1') ?? 0;
    // Evicted, and the clock of the server was set back.
    store.announce('slot:1', before - 10);
    shared.versions.set('slot:1', before);
    expect(store.held(slot)).toBeUndefined();
    expect((await lookup(slot)).kind).not.toBe('unavailable');
  });
});
