import { describe, expect, it } from 'vitest';
import { alwaysMissCache, createInMemorySlotwise, settableClock } from '../../../src/testing/index.ts';
import { createCache, type RateLimiterOptions } from '../../../src/index.ts';

const everyMinute: RateLimiterOptions = {
  name: 'bookings',
  limit: 2,
  perMs: 60_000,
  onUnavailable: 'closed',
};

describe('a rate limiter in this process', () => {
  it('goes by the clock of the SDK', async () => {
    const clock = settableClock();
    const limiter = createInMemorySlotwise({ clock }).rateLimiter(everyMinute)._unsafeUnwrap();
    expect((await limiter.take('4711', 2)).isOk()).toBe(true);
    expect((await limiter.take('4711'))._unsafeUnwrap()).toMatchObject({
      allowed: false,
      retryAfterMs: 30_000,
      resetsAt: clock.now().plus(60_000),
    });
    clock.advance(29_999);
    expect((await limiter.take('4711'))._unsafeUnwrap()).toMatchObject({ allowed: false, retryAfterMs: 1 });
    clock.advance(1);
    expect((await limiter.take('4711'))._unsafeUnwrap()).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('remembers the 10,000 keys that were used last', async () => {
    const limiter = createInMemorySlotwise({ clock: settableClock() })
      .rateLimiter(everyMinute)
      ._unsafeUnwrap();
    for (const key of ['first', 'second']) expect((await limiter.take(key, 2)).isOk()).toBe(true);
    for (let key = 0; key < 9_998; key += 1) expect((await limiter.take(`key ${key}`, 2)).isOk()).toBe(true);
    expect((await limiter.take('first'))._unsafeUnwrap().allowed).toBe(false);
    expect((await limiter.take('one more', 2)).isOk()).toBe(true);
    expect((await limiter.take('first'))._unsafeUnwrap().allowed).toBe(false);
    expect((await limiter.take('second'))._unsafeUnwrap().allowed).toBe(true);
  });

  it('allows everything beside the cache that always misses, which stays in use', async () => {
    await using cache = (await createCache(alwaysMissCache()))._unsafeUnwrap();
    const limiter = cache.rateLimiter(everyMinute)._unsafeUnwrap();
    for (let times = 0; times < 20; times += 1)
      expect((await limiter.take('4711'))._unsafeUnwrap()).toMatchObject({ allowed: true, degraded: false });
    expect(cache.stats()).toMatchObject({ state: 'up', failures: 0 });
  });
});
