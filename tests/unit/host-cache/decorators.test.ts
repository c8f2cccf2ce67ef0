import { ok } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { cached } from '../../../src/infrastructure/host-cache/cached.ts';
import { invalidates } from '../../../src/infrastructure/host-cache/invalidates.ts';
import { compiledFixture } from '../../support/compiled-fixture.ts';
import { DoubleCache } from './double-cache.ts';
import type * as Fixture from './fixtures/decorated-jobs.ts';

const compiled = compiledFixture<typeof Fixture>('tests/unit/host-cache/fixtures/decorated-jobs.ts');

const spyUow = () => {
  const deferred: string[] = [];
  const nothing = (): void => undefined;
  const uow = {
    commit: nothing,
    rollback: nothing,
    savepoint: nothing,
    invalidate: (...anchors: readonly string[]) => void deferred.push(...anchors),
  };
  return { uow: uow as unknown as UnitOfWork, deferred };
};

describe.each([
  ['standard, compiled by tsc', () => compiled('standard', false)],
  ['legacy, compiled by tsc', () => compiled('legacy', true)],
  ['legacy, as the test runner compiles them', () => import('./fixtures/decorated-jobs.ts')],
] as const)('decorators (%s)', (_name, load) => {
  const opened = load();
  const jobsOn = async (cache: DoubleCache, uow?: object) =>
    new (await opened).DecoratedJobs(cache.asCache, 'eu', uow);

  it('answer a read from the cache', async () => {
    const cache = new DoubleCache();
    const jobs = await jobsOn(cache);
    (await jobs.save({ id: 1, title: 'cook' }))._unsafeUnwrap();
    expect(await jobs.find(1)).toEqual(ok('cook'));
    expect(await jobs.find(1)).toEqual(ok('cook'));
    expect(jobs.calls).toBe(2);
    expect(cache.kept.get('job:1')).toEqual({
      value: 'cook',
      anchors: ['key:job:1', 'region:eu'],
      options: { ttlMs: 60_000 },
    });
  });

  it('take keys and anchors from functions, and leave async methods async', async () => {
    const cache = new DoubleCache();
    const jobs = await jobsOn(cache);
    (await jobs.save({ id: 1, title: 'cook' }))._unsafeUnwrap();
    const title = jobs.title(1);
    expect(title).toBeInstanceOf(Promise);
    expect((await title)._unsafeUnwrap()).toBe('cook');
    expect(cache.kept.get('eu:job:1')?.anchors).toEqual(['key:eu:job:1', 'region:eu']);
    expect(jobs.title.name).toBe('title');
    expect(jobs.title.length).toBe(2);
    expect(jobs.find(1)).toHaveProperty('andThen');
  });

  it('invalidate after an Ok, and before its caller hears of it', async () => {
    const cache = new DoubleCache();
    const jobs = await jobsOn(cache);
    (await jobs.save({ id: 1, title: 'cook' }))._unsafeUnwrap();
    (await jobs.title(1))._unsafeUnwrap();
    cache.invalidated.length = 0;
    (await jobs.save({ id: 1, title: 'baker' }))._unsafeUnwrap();
    expect(cache.invalidated).toEqual(['family:job', 'key:eu:job:1', 'region:eu']);
    expect((await jobs.title(1))._unsafeUnwrap()).toBe('baker');
    expect((await jobs.remove(1))._unsafeUnwrap()).toBe(true);
    expect((await jobs.title(1))._unsafeUnwrapErr()).toBe('missing');
  });

  it('invalidate nothing after an Err', async () => {
    const cache = new DoubleCache();
    const jobs = await jobsOn(cache);
    expect((await jobs.save({ id: 1, title: '' }))._unsafeUnwrapErr()).toBe('untitled');
    expect(cache.invalidated).toEqual([]);
  });

  it('leave it to the commit in a unit of work', async () => {
    const cache = new DoubleCache();
    const given = spyUow();
    (await (await jobsOn(cache)).save({ id: 1, title: 'cook' }, { uow: given.uow }))._unsafeUnwrap();
    expect(given.deferred).toEqual(['family:job', 'key:eu:job:1', 'region:eu']);

    const own = spyUow();
    const inside = await jobsOn(cache, own.uow);
    (await inside.save({ id: 1, title: 'cook' }))._unsafeUnwrap();
    (await inside.save({ id: 1, title: '' }))._unsafeUnwrapErr();
    expect(own.deferred).toHaveLength(3);
    (await inside.find(1))._unsafeUnwrap();
    expect(cache.kept.size).toBe(0);
    expect(cache.invalidated).toEqual([]);
  });

  it('do not run a method whose targets cannot be told', async () => {
    const cache = new DoubleCache();
    const jobs = await jobsOn(cache);
    expect((await jobs.misspelt({ id: 1, title: '' }))._unsafeUnwrapErr()).toEqual({
      type: 'UnresolvedPlaceholder',
      template: 'job:{arg1.number}',
      placeholder: 'arg1.number',
    });
    expect((await jobs.unknown())._unsafeUnwrapErr()).toEqual({
      type: 'UnknownFamily',
      family: 'nobody:knows',
    });
    expect(jobs.calls).toBe(0);
  });

  it('keep the Ok of a method when the cache cannot be told', async () => {
    const cache = new DoubleCache();
    cache.unavailable = true;
    expect((await (await jobsOn(cache)).save({ id: 1, title: 'cook' })).isOk()).toBe(true);
  });

  it('answer Unexpected when the method throws', async () => {
    const cache = new DoubleCache();
    expect((await (await jobsOn(cache)).throws(1))._unsafeUnwrapErr()).toMatchObject({
      type: 'Unexpected',
      message: 'out of paper',
    });
    expect(cache.invalidated).toEqual([]);
  });

  it('work on static methods', async () => {
    const { DecoratedJobs } = await opened;
    DecoratedJobs.cache = new DoubleCache().asCache;
    expect((await DecoratedJobs.count())._unsafeUnwrap()).toBe(3);
  });
});

describe('a decorator', () => {
  it('refuses what is no method', () => {
    const decorate = cached({ key: 'k' }) as unknown as (...args: unknown[]) => unknown;
    expect(() => decorate(undefined, { kind: 'field' })).toThrow(TypeError);
    expect(() => decorate({}, 'name')).toThrow('only methods');
    expect(() => decorate({}, 'name', { get: () => 1 })).toThrow(TypeError);
  });

  it('refuses to run without a cache', () => {
    const decorate = invalidates('k') as unknown as (...args: unknown[]) => () => unknown;
    const method = decorate(() => undefined, { kind: 'method' });
    expect(() => method()).toThrow('no cache');
  });
});
