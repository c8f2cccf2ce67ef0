import { err, ok, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { noUnitOfWork, type ReadMode } from '../../../src/infrastructure/repositories/read-scope.ts';
import { always, engine, entry, SlowDatabase, turn } from './support.ts';

const inMode = (mode: ReadMode) => ({ shared: false, mode: () => mode });

describe('a read through the cache', () => {
  it('asks the database once and answers from memory afterwards', async () => {
    const { cache, sources } = engine();
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('a'))).toEqual(ok('a'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('b'))).toEqual(ok('a'));
    expect(sources).toEqual(['database', 'l1']);
  });

  it('never serves a value that was loaded before a bump and stored after it', async () => {
    const { cache, store } = engine();
    const database = new SlowDatabase();
    const reader = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await store.bump(['slot:1']);
    database.answer(ok('old'));
    expect(await reader).toEqual(ok('old'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
  });

  it('drops an entry when any of its anchors is bumped', async () => {
    const { cache, store } = engine();
    const recruiter = entry('recruiter:1', ['recruiter:1', 'recruiters']);
    expect((await cache.read(recruiter, noUnitOfWork, always('old'))).isOk()).toBe(true);
    await store.bump(['recruiters']);
    expect(await cache.read(recruiter, noUnitOfWork, always('new'))).toEqual(ok('new'));
  });

  it('keeps entries whose anchors were not bumped', async () => {
    const { cache, store } = engine();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('kept'))).isOk()).toBe(true);
    await store.bump(['slot:2']);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('kept'));
  });

  it('does not store absence', async () => {
    const { cache, counters } = engine();
    const nothing = () => okAsync<string | undefined, string>(undefined);
    const absent = { inside: nothing, outside: nothing };
    expect(await cache.read<string | undefined, string>(entry('city:1'), noUnitOfWork, absent)).toEqual(
      ok(undefined),
    );
    expect(counters.fills).toBe(0);
    expect(await cache.read(entry('city:1'), noUnitOfWork, always('there'))).toEqual(ok('there'));
  });

  it('does not store errors, and asks again', async () => {
    const { cache, counters } = engine();
    const database = new SlowDatabase();
    const failing = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    database.answer(err('down'));
    expect(await failing).toEqual(err('down'));
    expect(counters.fills).toBe(0);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('up'))).toEqual(ok('up'));
  });
});

describe('sharing a load', () => {
  it('sends one query for a thousand callers of one key', async () => {
    const { cache, counters } = engine();
    const database = new SlowDatabase();
    const callers = Array.from({ length: 1000 }, () =>
      cache.read(entry('slot:1'), noUnitOfWork, database.both),
    );
    await turn();
    database.answer(ok('value'));
    for (const answer of await Promise.all(callers)) expect(answer).toEqual(ok('value'));
    expect(database.queries).toBe(1);
    expect(counters.sharedLoads).toBe(999);
  });

  it('shares a failing load as well', async () => {
    const { cache } = engine();
    const database = new SlowDatabase();
    const callers = Array.from({ length: 100 }, () =>
      cache.read(entry('slot:1'), noUnitOfWork, database.both),
    );
    await turn();
    database.answer(err('down'));
    for (const answer of await Promise.all(callers)) expect(answer).toEqual(err('down'));
    expect(database.queries).toBe(1);
  });

  it('does not hand a load that began before a commit to a caller that came after it', async () => {
    const { cache, store } = engine();
    const database = new SlowDatabase();
    const before = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    await store.bump(['slot:1']);
    const after = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    expect(database.queries).toBe(2);
    database.answer(ok('old'));
    database.answer(ok('new'));
    expect(await before).toEqual(ok('old'));
    expect(await after).toEqual(ok('new'));
  });

  it('without versions, shares only a load whose query was not sent yet', async () => {
    const { cache } = engine();
    cache.enabled = false;
    const database = new SlowDatabase();
    const first = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    const second = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    const third = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    expect(database.queries).toBe(1);
    database.answer(ok('old'));
    expect(await first).toEqual(ok('old'));
    await turn();
    expect(database.queries).toBe(2);
    database.answer(ok('new'));
    expect(await second).toEqual(ok('new'));
    expect(await third).toEqual(ok('new'));
  });
});

describe('a read inside a unit of work', () => {
  it('may be answered from the cache, but fills nothing once a transaction is open', async () => {
    const { cache, counters } = engine();
    expect(await cache.read(entry('slot:1'), inMode('peek'), always('seen inside'))).toEqual(
      ok('seen inside'),
    );
    expect(counters.fills).toBe(0);
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('committed'))).isOk()).toBe(true);
    expect(await cache.read(entry('slot:1'), inMode('peek'), always('again'))).toEqual(ok('committed'));
  });

  it('leaves the cache alone for what it has changed itself', async () => {
    const { cache, counters } = engine();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('committed'))).isOk()).toBe(true);
    expect(await cache.read(entry('slot:1'), inMode('bypass'), always('own'))).toEqual(ok('own'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('never asked'))).toEqual(ok('committed'));
    expect(counters.bypassed).toBe(1);
  });

  it('neither joins the load of others nor lets them join its own', async () => {
    const { cache } = engine();
    const database = new SlowDatabase();
    const outside = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    const inside = cache.read(entry('slot:1'), inMode('peek'), database.both);
    await turn();
    expect(database.queries).toBe(2);
    database.answer(ok('1'));
    database.answer(ok('2'));
    expect([await outside, await inside]).toEqual([ok('1'), ok('2')]);
  });

  it('loads through the transaction when it was opened while the cache was asked', async () => {
    const { cache, counters } = engine();
    let mode: ReadMode = 'use';
    const scope = { shared: false, mode: () => mode };
    const opening = {
      inside: () => okAsync<string, string>('through the transaction'),
      outside: () => okAsync<string, string>('on another connection'),
    };
    const slowStore = cache.read(entry('slot:1'), { ...scope, mode: () => swap() }, opening);
    function swap(): ReadMode {
      const before = mode;
      mode = 'peek';
      return before;
    }
    expect(await slowStore).toEqual(ok('through the transaction'));
    expect(counters.fills).toBe(0);
  });
});

describe('what this process does not believe', () => {
  it('goes to the database for anchors whose invalidation is deferred, until it was made up for', async () => {
    const { cache, trust } = engine();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('old'))).isOk()).toBe(true);
    trust.defer(7, ['slot:1']);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
    trust.settle([7]);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('never asked'))).toEqual(ok('old'));
  });

  it('keeps distrusting an anchor that a second deferred invalidation concerns', () => {
    const { trust } = engine();
    trust.defer(1, ['slot:1']);
    trust.defer(2, ['slot:1', 'slot:2']);
    trust.settle([1]);
    expect(trust.trusts(['slot:1'])).toBe(false);
    trust.settle([2]);
    expect(trust.trusts(['slot:1', 'slot:2'])).toBe(true);
  });

  it('reads anew after a version conflict, once', async () => {
    const { cache, trust } = engine();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('old'))).isOk()).toBe(true);
    trust.conflict(['slot:1']);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('never asked'))).toEqual(ok('new'));
  });

  it('keeps distrusting when what is stored was loaded before the conflict', async () => {
    const { cache, trust } = engine();
    const database = new SlowDatabase();
    const early = cache.read(entry('slot:1'), noUnitOfWork, database.both);
    await turn();
    trust.conflict(['slot:1']);
    database.answer(ok('old'));
    expect(await early).toEqual(ok('old'));
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
  });

  it('asks nobody but the database while it is switched off', async () => {
    const { cache, sources } = engine();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, always('cached'))).isOk()).toBe(true);
    cache.enabled = false;
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('database'))).toEqual(ok('database'));
    cache.enabled = true;
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('never asked'))).toEqual(ok('cached'));
    expect(sources).toEqual(['database', 'database', 'l1']);
  });
});

describe('reading many', () => {
  const load = (values: ReadonlyMap<number, string>, asked: number[][]) => (missing: readonly number[]) => {
    const answer = () => {
      asked.push([...missing]);
      const found = [...values].filter(([id]) => missing.includes(id));
      return okAsync<ReadonlyMap<number, string>, string>(new Map(found));
    };
    return { inside: answer, outside: answer };
  };
  const entries = (...ids: number[]) => new Map(ids.map((id) => [id, entry(`slot:${id}`)]));

  it('loads only what is missing, in one query, and keeps the order asked for', async () => {
    const { cache } = engine();
    const asked: number[][] = [];
    const values = new Map([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect((await cache.readMany(entries(2), noUnitOfWork, load(values, asked))).isOk()).toBe(true);
    const all = await cache.readMany(entries(3, 2, 1, 9), noUnitOfWork, load(values, asked));
    expect([...all._unsafeUnwrap()]).toEqual([
      [3, 'three'],
      [2, 'two'],
      [1, 'one'],
    ]);
    expect(asked).toEqual([[2], [3, 1, 9]]);
  });

  it('asks nobody for nothing', async () => {
    const { cache } = engine();
    const asked: number[][] = [];
    expect((await cache.readMany(entries(), noUnitOfWork, load(new Map(), asked)))._unsafeUnwrap().size).toBe(
      0,
    );
    expect(asked).toEqual([]);
  });

  it('stores nothing that a bump overtook', async () => {
    const { cache, store } = engine();
    const racing = () => {
      const answer = () => okAsync<ReadonlyMap<number, string>, string>(new Map([[1, 'old']]));
      return { inside: answer, outside: () => answer().map((found) => (void store.bump(['slot:1']), found)) };
    };
    expect((await cache.readMany(entries(1), noUnitOfWork, racing)).isOk()).toBe(true);
    expect(await cache.read(entry('slot:1'), noUnitOfWork, always('new'))).toEqual(ok('new'));
  });
});
