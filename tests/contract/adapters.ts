import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createCache, type StandaloneCacheOptions } from '../../src/infrastructure/create-cache.ts';
import type { SlotwiseOptions } from '../../src/infrastructure/config/options.ts';
import { createSlotwise } from '../../src/infrastructure/create-slotwise.ts';
import type { CacheSubject, ContractSubject, TestFramework } from '../../src/testing/index.ts';

export const framework: TestFramework = { describe, it, beforeAll, afterAll };

/** A busy machine is no Redis that is away: what cannot be asked in time is an error of the cache's own methods. */
export const PATIENT_MS = 5_000;

/** A migrated SDK with these options for every set of policies. */
export const subjectOf = (options: Omit<SlotwiseOptions, 'policies'>): ContractSubject => ({
  create: async ({ policies }) => {
    const sdk = (await createSlotwise({ ...options, policies }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    return sdk;
  },
});

/** A cache without a database, with these options; ends it and what is `around` it. */
export function standalone(
  options: () => StandaloneCacheOptions | Promise<StandaloneCacheOptions>,
  ...around: readonly AsyncDisposable[]
): CacheSubject {
  const stack = new AsyncDisposableStack();
  for (const one of around) stack.use(one);
  return {
    create: async () => {
      const opened = await createCache({ ...(await options()), commandTimeoutMs: PATIENT_MS });
      return stack.use(opened._unsafeUnwrap());
    },
    dispose: () => stack.disposeAsync(),
  };
}

/** Deletes the keys that a suite made under its own prefix. */
export async function dropKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }))
      if (Array.isArray(keys) && keys.length > 0) await redis.unlink(keys as string[]);
  } finally {
    redis.disconnect();
  }
}
