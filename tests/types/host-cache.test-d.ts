import { err, ok, okAsync, type Err, type Ok, type Result, type ResultAsync } from 'neverthrow';
import { describe, expectTypeOf, it } from 'vitest';
import type { Cache } from '../../src/application/ports/cache.ts';
import type { UnexpectedError } from '../../src/application/ports/unit-of-work.ts';
import type { ValidationError } from '../../src/domain/shared/validation-error.ts';
import { cached } from '../../src/infrastructure/host-cache/cached.ts';
import { invalidates } from '../../src/infrastructure/host-cache/invalidates.ts';
import type { CachedCallError } from '../../src/infrastructure/host-cache/read-policy.ts';
import { withCache } from '../../src/infrastructure/host-cache/with-cache.ts';

declare const cache: Cache;

interface Job {
  readonly id: number;
}

type Listed<E> = ResultAsync<readonly Job[], E | ValidationError | UnexpectedError>;

describe('a cached list', () => {
  it('has the elements of what is loaded, whether that may be changed or not, and its errors', () => {
    const check = (
      mutable: ResultAsync<Job[], 'busy'>,
      fixed: ResultAsync<readonly Job[], 'busy'>,
      promised: Promise<Result<Job[], 'busy'>>,
      either: Promise<Ok<Job[], never> | Err<never, 'busy'>>,
    ) => {
      expectTypeOf(cache.list('jobs', () => mutable)).toEqualTypeOf<Listed<'busy'>>();
      expectTypeOf(cache.list('jobs', () => fixed)).toEqualTypeOf<Listed<'busy'>>();
      expectTypeOf(cache.list('jobs', () => promised)).toEqualTypeOf<Listed<'busy'>>();
      expectTypeOf(cache.list('jobs', () => either)).toEqualTypeOf<Listed<'busy'>>();
      expectTypeOf(cache.list('jobs', () => okAsync<Job[]>([]))).toEqualTypeOf<Listed<never>>();
      expectTypeOf(
        cache.list('jobs', async () => (Math.random() > 1 ? ok([{ id: 1 } as Job]) : err('busy' as const))),
      ).toEqualTypeOf<Listed<'busy'>>();
      expectTypeOf(cache.list<Job, 'busy'>('jobs', () => mutable)).toEqualTypeOf<Listed<'busy'>>();
      // @ts-expect-error no list
      return cache.list('jobs', () => okAsync({ id: 1 }));
    };
    expectTypeOf(check).toBeFunction();
  });
});

describe('a cached function', () => {
  it('has the arguments and the value of the function, and says what else can go wrong', () => {
    const find = cached((id: number) => okAsync<string, 'busy'>(`${id}`), {
      cache,
      key: (id) => `job:${id}`,
    });
    expectTypeOf(find).toEqualTypeOf<(id: number) => ResultAsync<string, 'busy' | CachedCallError>>();
  });

  it('has a key of its own arguments', () => {
    const check = () => [
      // @ts-expect-error the function takes a number
      cached((id: number) => okAsync(id), { cache, key: (id: string) => id }),
      // @ts-expect-error a function needs a cache
      cached((id: number) => okAsync(id), { key: 'job' }),
      // @ts-expect-error no Result
      cached((id: number) => Promise.resolve(id), { cache, key: 'job' }),
    ];
    expectTypeOf(check).toBeFunction();
  });
});

describe('decorators', () => {
  it('fit methods that answer Results, with the arguments their functions take', () => {
    class Jobs {
      @cached({ key: (self: Jobs, id: number) => `job:${self.prefix}:${id}` })
      find(id: number, _strict?: boolean): ResultAsync<number, 'busy'> {
        return okAsync(id);
      }

      @cached({ key: 'job:{arg1}' })
      @invalidates((_self: Jobs, name: string) => name, { cache })
      async rename(name: string): Promise<Result<string, 'taken'>> {
        return okAsync<string, 'taken'>(name);
      }

      // @ts-expect-error the key takes a number
      @cached({ key: (_self: Jobs, id: number) => `job:${id}` })
      byName(name: string): ResultAsync<string, never> {
        return okAsync(name);
      }

      // @ts-expect-error the key takes an argument
      @cached({ key: (_self: Jobs, id: number) => `job:${id}` })
      all(): ResultAsync<number, never> {
        return okAsync(1);
      }

      // @ts-expect-error no Result
      @cached({ key: 'count' })
      count(): number {
        return 1;
      }

      // @ts-expect-error another object
      @invalidates((self: Date) => `job:${self.getTime()}`)
      remove(): ResultAsync<number, never> {
        return okAsync(1);
      }

      readonly prefix = 'eu';
    }
    expectTypeOf<Jobs['find']>().toEqualTypeOf<
      (id: number, _strict?: boolean) => ResultAsync<number, 'busy'>
    >();
  });
});

describe('a repository behind the cache', () => {
  interface Rooms {
    readonly site: string;
    find(id: number): ResultAsync<string, 'busy'>;
    save(room: { readonly id: number }): ResultAsync<void, never>;
    close(): void;
  }

  it('is typed by the repository', () => {
    const check = (rooms: Rooms) => {
      const withPolicy = withCache(rooms, {
        cache,
        find: { key: (id) => `room:${id.toFixed()}` },
        invalidates: { save: ({ id }) => [`room:${id}`] },
      });
      expectTypeOf(withPolicy).toEqualTypeOf<Rooms>();
      // @ts-expect-error no method
      withCache(rooms, { cache, site: { key: 'site' } });
      // @ts-expect-error answers no Result
      withCache(rooms, { cache, close: { key: 'close' } });
      // @ts-expect-error the method takes a number
      withCache(rooms, { cache, find: { key: (id: string) => id } });
      // @ts-expect-error not a method of it
      withCache(rooms, { cache, invalidates: { remove: 'rooms:*' } });
    };
    expectTypeOf(check).toBeFunction();
  });
});
