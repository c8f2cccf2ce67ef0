import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { withCache } from '../../../src/infrastructure/host-cache/with-cache.ts';
import { DoubleCache } from './double-cache.ts';

interface Room {
  readonly id: number;
  readonly name: string;
}

class Rooms {
  readonly site: string;
  #rooms = new Map<number, Room>();
  #reads = 0;

  constructor(site: string) {
    this.site = site;
  }

  get reads(): number {
    return this.#reads;
  }

  set reads(reads: number) {
    this.#reads = reads;
  }

  find(id: number): ResultAsync<Room | undefined, 'busy'> {
    this.#reads += 1;
    return okAsync(this.#rooms.get(id));
  }

  nameOf(id: number): ResultAsync<string | undefined, 'busy'> {
    return this.find(id).map((room) => room?.name);
  }

  save(room: Room): ResultAsync<void, 'unnamed'> {
    if (room.name === '') return errAsync('unnamed');
    this.#rooms.set(room.id, room);
    return okAsync(undefined);
  }

  close(): string {
    return 'closed';
  }
}

const opened = () => {
  const cache = new DoubleCache();
  const own = new Rooms('north');
  const rooms = withCache(own, {
    cache: cache.asCache,
    find: { key: (id) => `room:${id}`, ttl: 1_000, anchors: ['site:{self.site}'], families: ['rooms:all'] },
    nameOf: { key: 'room:{arg1}:name' },
    invalidates: { save: [(room) => `room:${room.id}`, 'rooms:all:*'] },
  });
  return { cache, own, rooms };
};

describe('a repository behind the cache', () => {
  it('reads the methods of its policy through the cache', async () => {
    const { cache, rooms } = opened();
    (await rooms.save({ id: 1, name: 'attic' }))._unsafeUnwrap();
    expect((await rooms.find(1))._unsafeUnwrap()).toEqual({ id: 1, name: 'attic' });
    expect((await rooms.find(1))._unsafeUnwrap()).toEqual({ id: 1, name: 'attic' });
    expect(rooms.reads).toBe(1);
    expect(cache.kept.get('room:1')).toEqual({
      value: { id: 1, name: 'attic' },
      anchors: ['key:room:1', 'site:north'],
      options: { ttlMs: 1_000, families: ['rooms:all'] },
    });
  });

  it('invalidates what its policy says, after an Ok only', async () => {
    const { cache, rooms } = opened();
    (await rooms.save({ id: 1, name: 'attic' }))._unsafeUnwrap();
    (await rooms.find(1))._unsafeUnwrap();
    (await rooms.save({ id: 1, name: '' }))._unsafeUnwrapErr();
    expect(cache.kept.has('room:1')).toBe(true);
    (await rooms.save({ id: 1, name: 'loft' }))._unsafeUnwrap();
    expect((await rooms.find(1))._unsafeUnwrap()).toEqual({ id: 1, name: 'loft' });
    expect(cache.invalidated).toEqual(['key:room:1', 'family:rooms:all', 'key:room:1', 'family:rooms:all']);
  });

  it('leaves everything else to the repository', () => {
    const { own, rooms } = opened();
    expect(rooms.close()).toBe('closed');
    expect(rooms.site).toBe('north');
    expect(rooms).toBeInstanceOf(Rooms);
    rooms.reads = 5;
    expect(own.reads).toBe(5);
  });

  it('keeps the calls among its methods on the repository itself', async () => {
    const { cache, rooms } = opened();
    (await rooms.save({ id: 1, name: 'attic' }))._unsafeUnwrap();
    expect((await rooms.nameOf(1))._unsafeUnwrap()).toBe('attic');
    expect([...cache.kept.keys()]).toEqual(['room:1:name']);
  });

  it('works on plain objects', async () => {
    const cache = new DoubleCache();
    let calls = 0;
    const plain = withCache(
      { count: () => okAsync((calls += 1)) },
      { cache: cache.asCache, count: { key: 'count' } },
    );
    (await plain.count())._unsafeUnwrap();
    expect((await plain.count())._unsafeUnwrap()).toBe(1);
  });

  it('refuses a policy for what is no method', () => {
    const policy = { cache: new DoubleCache().asCache, site: { key: 'site' } };
    expect(() => withCache(new Rooms('north'), policy)).toThrow('site is no method');
  });
});
