import { errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import { AnchorTrust } from '../../../src/infrastructure/cache/anchor-trust.ts';
import type { EntryPolicy } from '../../../src/application/caching/cache-policies.ts';
import { newCacheCounters } from '../../../src/infrastructure/cache/cache-counters.ts';
import { LoadGate } from '../../../src/infrastructure/cache/load-gate.ts';
import { MemoryStore } from '../../../src/infrastructure/cache/memory-store.ts';
import { ReadThrough } from '../../../src/infrastructure/cache/read-through.ts';
import type { CacheEntry } from '../../../src/infrastructure/cache/versioned-store.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';

/** The engine over a store in memory, and all that a test wants to look at. */
export function engine(maxEntries = 100) {
  const counters = newCacheCounters();
  const trust = new AnchorTrust();
  const store = new MemoryStore(maxEntries, counters);
  const sources: string[] = [];
  const cache = new ReadThrough({
    store,
    trust,
    counters,
    gate: new LoadGate(100, 1000),
    signals: signalsOf({ cacheRead: ({ source }) => sources.push(source) }),
  });
  return { cache, store, trust, counters, sources };
}

export const entry = (
  key: string,
  anchors: readonly string[] = [key],
  ttlMs = 60_000,
  policy: Partial<EntryPolicy> = {},
): CacheEntry<string> => ({
  policy: { name: 'test', ttlMs, ...policy },
  key,
  anchors,
  codec: { toData: (value) => value, fromData: (data) => ok(String(data)) },
});

/** A database whose answers come when the test says so. */
export class SlowDatabase {
  readonly #waiting: ((outcome: Result<string, string>) => void)[] = [];
  queries = 0;

  readonly load = (): ResultAsync<string, string> => {
    this.queries += 1;
    return new ResultAsync(new Promise((resolve) => this.#waiting.push(resolve)));
  };

  /** Both ways to ask lead here. */
  readonly both = { inside: this.load, outside: this.load };

  /** Answers the oldest query that waits. */
  answer(outcome: Result<string, string>): void {
    this.#waiting.shift()?.(outcome);
  }
}

/** What a repository answers while its database is away. */
export const outage = { type: 'Database', retryable: true } as const;

/** A database that fails until it recovers. */
export class Failing {
  queries = 0;
  readonly #error: { readonly type: string };
  #value: string | undefined;

  constructor(error: { readonly type: string } = outage) {
    this.#error = error;
  }

  recover(value: string): void {
    this.#value = value;
  }

  readonly load = (): ResultAsync<string, { readonly type: string }> => {
    this.queries += 1;
    return this.#value === undefined ? errAsync(this.#error) : okAsync(this.#value);
  };

  readonly both = { inside: this.load, outside: this.load };
}

export const always = (value: string) => {
  const load = (): ResultAsync<string, string> => new ResultAsync(Promise.resolve(ok(value)));
  return { inside: load, outside: load };
};

/** Lets everything that is ready run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
