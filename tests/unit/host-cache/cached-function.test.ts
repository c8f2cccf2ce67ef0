import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import { describe, expect, it, vi } from 'vitest';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { buildKey } from '../../../src/infrastructure/host-cache/build-key.ts';
import { cached } from '../../../src/infrastructure/host-cache/cached.ts';
import { DoubleCache } from './double-cache.ts';

const uow = {
  commit: () => undefined,
  rollback: () => undefined,
  savepoint: () => undefined,
  invalidate: () => undefined,
} as unknown as UnitOfWork;

describe('a cached function', () => {
  it('is called once for the same arguments', async () => {
    const cache = new DoubleCache();
    const rate = vi.fn<(currency: string, day: Date) => ResultAsync<string, never>>(
      (currency: string, day: Date) => okAsync(`${currency} on ${day.toJSON()}`),
    );
    const cachedRate = cached(rate, {
      cache: cache.asCache,
      key: (currency, day) => buildKey('rates', [currency, day]),
      ttlMs: 1_000,
      families: ['finance'],
    });
    const day = new Date(0);
    const first = await cachedRate('EUR', day);
    expect(await cachedRate('EUR', day)).toEqual(first);
    expect(rate).toHaveBeenCalledTimes(1);
    (await cachedRate('USD', day))._unsafeUnwrap();
    expect(rate).toHaveBeenCalledTimes(2);
    expect([...cache.kept.values()][0]?.options).toEqual({ ttlMs: 1_000, families: ['finance'] });
    expect(cache.families).toContain('finance');
  });

  it('can be told its key and anchors by templates, and its lifetime as ttl', async () => {
    const cache = new DoubleCache();
    const find = cached((id: number, _options: object) => okAsync({ id }), {
      cache: cache.asCache,
      key: 'job:{arg1}',
      anchors: ['recruiter:{arg1}', 'recruiters:list'],
      ttl: 60_000,
    });
    (await find(5, {}))._unsafeUnwrap();
    expect([...cache.kept]).toEqual([
      [
        'job:5',
        {
          value: { id: 5 },
          anchors: ['key:job:5', 'recruiter:5', 'recruiters:list'],
          options: { ttlMs: 60_000 },
        },
      ],
    ]);
  });

  it('answers its errors and does not keep them', async () => {
    const cache = new DoubleCache();
    const answers: Result<number, 'busy'>[] = [err('busy'), ok(5)];
    const next = cached(() => Promise.resolve(answers.shift() ?? err('busy')), {
      cache: cache.asCache,
      key: 'next',
    });
    expect(await next()).toEqual(err('busy'));
    expect(await next()).toEqual(ok(5));
    expect(await next()).toEqual(ok(5));
  });

  it('keeps absence only where its policy says so', async () => {
    const cache = new DoubleCache();
    const find = vi.fn<(id: number) => ResultAsync<string | undefined, never>>((_id: number) =>
      okAsync<string | undefined>(undefined),
    );
    const plain = cached(find, { cache: cache.asCache, key: 'plain:{arg1}' });
    const negative = cached(find, { cache: cache.asCache, key: 'negative:{arg1}', negativeTtlMs: 100 });
    (await plain(1))._unsafeUnwrap();
    (await plain(1))._unsafeUnwrap();
    expect(find).toHaveBeenCalledTimes(2);
    (await negative(1))._unsafeUnwrap();
    expect(await negative(1)).toEqual(ok(undefined));
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('answers a typed error instead of a key that is not one', async () => {
    const find = vi.fn<(id: number | undefined) => ResultAsync<number | undefined, never>>(
      (id: number | undefined) => okAsync(id),
    );
    const cache = new DoubleCache();
    const byKey = cached(find, { cache: cache.asCache, key: 'job:{arg1}' });
    const byAnchor = cached(find, { cache: cache.asCache, key: 'job', anchors: ['team:{self.team}'] });
    expect((await byKey(undefined))._unsafeUnwrapErr()).toEqual({
      type: 'UnresolvedPlaceholder',
      template: 'job:{arg1}',
      placeholder: 'arg1',
    });
    expect((await byAnchor(1))._unsafeUnwrapErr()).toMatchObject({ placeholder: 'self.team' });
    expect(find).not.toHaveBeenCalled();
  });

  it('answers Unexpected when it throws', async () => {
    const fail = cached(
      (): Promise<Result<number, never>> => {
        throw new Error('no network');
      },
      { cache: new DoubleCache().asCache, key: 'k' },
    );
    expect((await fail())._unsafeUnwrapErr()).toMatchObject({ type: 'Unexpected', message: 'no network' });
  });

  it('says in which unit of work it reads, wherever that is among the arguments', async () => {
    const cache = new DoubleCache();
    const find = vi.fn<(id: number, options?: object) => ResultAsync<string, never>>(
      (_id: number, _options?: object) => okAsync('found'),
    );
    const cachedFind = cached(find, { cache: cache.asCache, key: 'job:{arg1}' });
    (await cachedFind(1, { uow }))._unsafeUnwrap();
    (await cachedFind(1, uow))._unsafeUnwrap();
    expect(find).toHaveBeenCalledTimes(2);
    expect(cache.kept.size).toBe(0);
    (await cachedFind(1, { uow: 'no unit of work' }))._unsafeUnwrap();
    expect(cache.kept.size).toBe(1);
  });

  it('has a key of bounded length', async () => {
    const cache = new DoubleCache();
    const search = cached((query: string) => okAsync(query), { cache: cache.asCache, key: 'search:{arg1}' });
    (await search('x'.repeat(1_000)))._unsafeUnwrap();
    (await search('x'.repeat(1_001)))._unsafeUnwrap();
    const keys = [...cache.kept.keys()];
    expect(keys).toHaveLength(2);
    expect(keys.every((key) => key.length <= 200 && key.startsWith('search:'))).toBe(true);
  });
});
