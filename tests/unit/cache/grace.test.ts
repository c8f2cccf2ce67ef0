import { err, ok, okAsync } from 'neverthrow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noUnitOfWork } from '../../../src/infrastructure/repositories/read-scope.ts';
import { always, engine, entry, Failing, outage, SlowDatabase } from './support.ts';

const graceful = entry('city:1', ['city:1'], 1000, { graceMs: 10_000 });

/** A value whose lifetime is over, and its grace period is not. */
async function expired() {
  const parts = engine();
  expect(await parts.cache.read(graceful, noUnitOfWork, always('kept'))).toEqual(ok('kept'));
  await vi.advanceTimersByTimeAsync(1200);
  return parts;
}

describe('an answer that has only outlived its lifetime', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('stands in while the database fails', async () => {
    const { cache, counters, sources } = await expired();
    expect(await cache.read(graceful, noUnitOfWork, new Failing().both)).toEqual(ok('kept'));
    expect(counters.staleServed).toBe(1);
    expect(sources.at(-1)).toBe('stale');
  });

  it('stands in when the database takes longer than a quarter of a second, and is replaced when it answers', async () => {
    const { cache, sources } = await expired();
    const database = new SlowDatabase();
    let answered: unknown;
    const reading = cache.read(graceful, noUnitOfWork, database.both).then((answer) => {
      answered = answer;
    });
    await vi.advanceTimersByTimeAsync(249);
    expect(answered).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await reading;
    expect(answered).toEqual(ok('kept'));
    database.answer(ok('new'));
    await vi.advanceTimersByTimeAsync(0);
    expect(await cache.read(graceful, noUnitOfWork, always('never asked'))).toEqual(ok('new'));
    expect(sources).toEqual(['database', 'stale', 'l1']);
  });

  it('is not used when the database answers in time', async () => {
    const { cache, counters } = await expired();
    expect(await cache.read(graceful, noUnitOfWork, always('new'))).toEqual(ok('new'));
    expect(counters.staleServed).toBe(0);
  });

  it('is not used in place of an answer that is an error of the caller', async () => {
    const { cache, counters } = await expired();
    const refused = new Failing({ type: 'CityNotFound' });
    expect(await cache.read(graceful, noUnitOfWork, refused.both)).toEqual(err({ type: 'CityNotFound' }));
    expect(counters.staleServed).toBe(0);
  });

  it('is never used once its versions have changed, whatever is down', async () => {
    const { cache, store, counters } = await expired();
    await store.bump(['city:1']);
    expect(await cache.read(graceful, noUnitOfWork, new Failing().both)).toEqual(err(outage));
    expect(counters.staleServed).toBe(0);
  });

  it('is not used when its versions change while the database is asked: the next reader sees to that', async () => {
    const { cache, store } = await expired();
    await store.bump(['city:1']);
    const database = new SlowDatabase();
    const reading = cache.read(graceful, noUnitOfWork, database.both);
    await vi.advanceTimersByTimeAsync(1000);
    database.answer(ok('new'));
    expect(await reading).toEqual(ok('new'));
  });

  it('is not used when this process has reason to distrust it', async () => {
    const { cache, trust } = await expired();
    trust.conflict(['city:1']);
    expect(await cache.read(graceful, noUnitOfWork, new Failing().both)).toEqual(err(outage));
  });

  it('is not used when the grace period is over too', async () => {
    const { cache } = await expired();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await cache.read(graceful, noUnitOfWork, new Failing().both)).toEqual(err(outage));
  });

  it('is not kept for policies that give no grace', async () => {
    const { cache } = engine();
    const plain = entry('slot:1', ['slot:1'], 1000);
    expect(await cache.read(plain, noUnitOfWork, always('kept'))).toEqual(ok('kept'));
    await vi.advanceTimersByTimeAsync(1200);
    expect(await cache.read(plain, noUnitOfWork, new Failing().both)).toEqual(err(outage));
  });
});

describe('known absence', () => {
  const nothing = () => okAsync<string | undefined, string>(undefined);
  const absent = { inside: nothing, outside: nothing };
  const sought = entry('candidate:telegram:1', ['candidate:telegram:1'], 60_000, { negativeTtlMs: 1000 });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('is stored for the time its policy gives', async () => {
    const { cache, counters } = engine();
    expect((await cache.read(sought, noUnitOfWork, absent)).isOk()).toBe(true);
    vi.advanceTimersByTime(800);
    expect(await cache.read(sought, noUnitOfWork, always('never asked'))).toEqual(ok(undefined));
    expect(counters.negativeHits).toBe(1);
    vi.advanceTimersByTime(400);
    expect(await cache.read(sought, noUnitOfWork, always('there'))).toEqual(ok('there'));
  });

  it('ends with the change that ends it', async () => {
    const { cache, store } = engine();
    expect((await cache.read(sought, noUnitOfWork, absent)).isOk()).toBe(true);
    await store.bump(sought.anchors);
    expect(await cache.read(sought, noUnitOfWork, always('there'))).toEqual(ok('there'));
  });

  it('does not shorten the life of what is there', async () => {
    const { cache } = engine();
    expect(await cache.read(sought, noUnitOfWork, always('there'))).toEqual(ok('there'));
    vi.advanceTimersByTime(10_000);
    expect(await cache.read(sought, noUnitOfWork, always('never asked'))).toEqual(ok('there'));
  });
});
