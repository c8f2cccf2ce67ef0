import { createCache, type CacheOptions, type StandaloneCache } from '../../../src/index.ts';
import { answerCalls } from '../child-process-calls.ts';

/** A process that takes from a limiter as fast as it can. */

let cache: StandaloneCache | undefined;

interface Hammering {
  readonly name: string;
  readonly limit: number;
  readonly key: string;
  readonly times: number;
}

const handlers = {
  async open(options: CacheOptions): Promise<void> {
    const { notify: _notify, strict: _strict, ttl: _ttl, warmOnStart: _warm, ...own } = options;
    cache = (await createCache(own))._unsafeUnwrap();
  },

  /** Answers how much was allowed, and how much was decided without Redis. */
  async hammer({ key, times, name, limit }: Hammering): Promise<{ allowed: number; degraded: number }> {
    if (cache === undefined) throw new Error('not opened');
    const limiter = cache
      .rateLimiter({ name, limit, perMs: 86_400_000, onUnavailable: 'closed' })
      ._unsafeUnwrap();
    const decisions = await Promise.all(Array.from({ length: times }, () => limiter.take(key)));
    const taken = decisions.map((decision) => decision._unsafeUnwrap());
    return {
      allowed: taken.filter(({ allowed }) => allowed).length,
      degraded: taken.filter(({ degraded }) => degraded).length,
    };
  },
};

export type LimitedWorker = typeof handlers;

answerCalls(handlers);
