import { describe, expect, it } from 'vitest';
import { engine, entry } from './support.ts';
import { SlowSharedStore } from './shared-store.ts';
import { TieredStore } from '../../../src/infrastructure/cache/tiered-store.ts';
import { nobodyElse } from '../../../src/infrastructure/cache/backplane.ts';

const setting = entry('host:setting', ['host:k:setting', 'host:all']);

describe('setting a value', () => {
  it('replaces what was there, also in the memory that set it', async () => {
    const { store } = engine();
    expect(await store.put(setting, 'first')).toBe(true);
    expect(await store.put(setting, 'second')).toBe(true);
    expect(store.lookup(setting)).toMatchObject({ kind: 'hit', found: { value: 'second' } });
  });

  it('makes a load that began before it count for nothing', async () => {
    const { store } = engine();
    const looked = store.lookup(setting);
    if (looked.kind !== 'miss') throw new Error('expected a miss');
    await store.put(setting, 'set');
    store.fill(setting, looked.ticket, { value: 'loaded', loadMs: 1 });
    expect(store.lookup(setting)).toMatchObject({ kind: 'hit', found: { value: 'set' } });
  });

  it('leaves entries alone that share its other anchors', async () => {
    const { store } = engine();
    const other = entry('host:other', ['host:k:other', 'host:all']);
    await store.put(other, 'kept');
    await store.put(setting, 'set');
    expect(store.lookup(other)).toMatchObject({ kind: 'hit', found: { value: 'kept' } });
  });

  it('is undone by dropping any of its anchors', async () => {
    const { store } = engine();
    await store.put(setting, 'set');
    await store.bump(['host:all']);
    expect(store.lookup(setting).kind).toBe('miss');
  });

  it('drops what other memories hold when it is announced to them', async () => {
    const shared = new SlowSharedStore();
    const reader = new TieredStore(shared, nobodyElse, 10);
    await shared.put(setting, 'first');
    const looking = reader.lookup(setting);
    shared.deliver();
    expect(await looking).toMatchObject({ kind: 'hit', found: { value: 'first' } });
    await shared.put(setting, 'second');
    expect(reader.held(setting)).toBeUndefined();
  });
});
