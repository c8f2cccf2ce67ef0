import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { SlotwiseOptions } from '../../src/infrastructure/config/options.ts';
import { createSlotwise } from '../../src/infrastructure/create-slotwise.ts';
import type { ContractSubject, TestFramework } from '../../src/testing/index.ts';

export const framework: TestFramework = { describe, it, beforeAll, afterAll };

/** A migrated SDK with these options for every set of policies. */
export const subjectOf = (options: Omit<SlotwiseOptions, 'policies'>): ContractSubject => ({
  create: async ({ policies }) => {
    const sdk = (await createSlotwise({ ...options, policies }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    return sdk;
  },
});

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
