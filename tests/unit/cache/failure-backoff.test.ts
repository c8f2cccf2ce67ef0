import { err, ok } from 'neverthrow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureBackoff } from '../../../src/infrastructure/cache/failure-backoff.ts';
import { noUnitOfWork } from '../../../src/infrastructure/repositories/read-scope.ts';
import { engine, entry, Failing, outage } from './support.ts';

describe('after a load has failed', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('the next one for the same key waits, and no other', () => {
    const backoff = new FailureBackoff();
    backoff.failed('a');
    expect(backoff.pause('a')).toBeInstanceOf(Promise);
    expect(backoff.pause('b')).toBeUndefined();
  });

  it('nobody waits once the time is over, or once a load has succeeded', () => {
    const backoff = new FailureBackoff();
    backoff.failed('a');
    backoff.failed('b');
    backoff.succeeded('b');
    expect(backoff.pause('b')).toBeUndefined();
    vi.advanceTimersByTime(100);
    expect(backoff.pause('a')).toBeUndefined();
  });

  it('the wait does not grow, however often it fails', () => {
    const backoff = new FailureBackoff();
    for (let failure = 0; failure < 50; failure += 1) backoff.failed('a');
    vi.advanceTimersByTime(100);
    expect(backoff.pause('a')).toBeUndefined();
  });

  it('remembers no more than a thousand keys', () => {
    const backoff = new FailureBackoff();
    for (let key = 0; key < 1001; key += 1) backoff.failed(`key ${key}`);
    expect(backoff.pause('key 0')).toBeUndefined();
    expect(backoff.pause('key 1')).toBeInstanceOf(Promise);
  });
});

describe('callers of a load that fails', () => {
  it('share one, and those that come during the wait share the next', async () => {
    const { cache, counters } = engine();
    const database = new Failing();
    const callers = Array.from({ length: 100 }, () =>
      cache.read(entry('slot:1'), noUnitOfWork, database.both),
    );
    for (const answer of await Promise.all(callers)) expect(answer).toEqual(err(outage));
    expect(database.queries).toBe(1);

    const startedAt = performance.now();
    const later = Array.from({ length: 100 }, () => cache.read(entry('slot:1'), noUnitOfWork, database.both));
    for (const answer of await Promise.all(later)) expect(answer).toEqual(err(outage));
    expect(database.queries).toBe(2);
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    expect(counters.failedLoads).toBe(2);
  });

  it('do not wait when what failed was not the database', async () => {
    const { cache } = engine();
    const database = new Failing({ type: 'CityNotFound' });
    const read = async () => cache.read(entry('city:1'), noUnitOfWork, database.both);
    expect((await read()).isErr()).toBe(true);
    const startedAt = performance.now();
    expect((await read()).isErr()).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(database.queries).toBe(2);
  });

  it('are answered as soon as the database is back', async () => {
    const { cache } = engine();
    const database = new Failing();
    expect((await cache.read(entry('slot:1'), noUnitOfWork, database.both)).isErr()).toBe(true);
    database.recover('value');
    expect(await cache.read(entry('slot:1'), noUnitOfWork, database.both)).toEqual(ok('value'));
  });

  it('share it without versions too', async () => {
    const { cache } = engine();
    cache.enabled = false;
    const database = new Failing();
    const callers = Array.from({ length: 100 }, () =>
      cache.read(entry('slot:1'), noUnitOfWork, database.both),
    );
    for (const answer of await Promise.all(callers)) expect(answer).toEqual(err(outage));
    // One ran, and one waited for all who came meanwhile.
    expect(database.queries).toBe(2);
  });
});
