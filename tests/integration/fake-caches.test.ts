import { describe, expect, it } from 'vitest';
import { createSlotwise, type CacheOptions, type Slotwise } from '../../src/index.ts';
import { framework, standalone } from '../contract/adapters.ts';
import { alwaysMissCache, cacheContract, ioredisMockCache, seedCity } from '../../src/testing/index.ts';

const open = async (cache: CacheOptions): Promise<Slotwise> => {
  const sdk = (await createSlotwise({ cache }))._unsafeUnwrap();
  (await sdk.migrate())._unsafeUnwrap();
  // A link that came up before the first migration or after it: both are fine, but hits are looked at below.
  for (let waited = 0; sdk.cache.stats().state !== 'up' && waited < 5000; waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return sdk;
};

describe('the caches that slotwise/testing offers', () => {
  describe('for entries of the host: one that always misses', () => {
    cacheContract(framework, { ...standalone(alwaysMissCache), keeps: false });
  });

  describe('for entries of the host: ioredis-mock', () => {
    // Without memory in front: the mock lets no timer run while it answers, so on a busy machine heartbeats are late.
    cacheContract(
      framework,
      standalone(async () => ({ ...(await ioredisMockCache()), l1: false })),
    );
  });

  it('never hit, when that is asked for, and take every invalidation', async () => {
    await using sdk = await open(alwaysMissCache());
    let reported = '';
    const added = await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone: 'UTC' }), {
      onCommit: ({ invalidation }) => (reported = invalidation),
    });
    const { id } = added._unsafeUnwrap();
    for (let times = 0; times < 3; times += 1)
      expect((await sdk.read.cities.get(id))._unsafeUnwrap().name).toBe('Berlin');
    expect(sdk.cache.stats()).toMatchObject({ state: 'up', l1Hits: 0, l2Hits: 0, misses: 3 });
    expect(reported).toBe('applied');
  });

  it('hit on ioredis-mock, and show a rename at once', async () => {
    await using sdk = await open(await ioredisMockCache());
    const city = (await seedCity(sdk))._unsafeUnwrap();
    expect((await sdk.read.cities.get(city.id)).isOk()).toBe(true);
    expect((await sdk.read.cities.get(city.id)).isOk()).toBe(true);
    expect(sdk.cache.stats()).toMatchObject({ misses: 1, failures: 0, hitRate: 0.5 });
    const renamed = city.rename(`${city.name} anew`)._unsafeUnwrap();
    expect((await sdk.transaction((uow) => uow.cities.update(renamed))).isOk()).toBe(true);
    expect((await sdk.read.cities.get(city.id))._unsafeUnwrap().name).toBe(renamed.name);
  });

  it('do not share what they hold', async () => {
    const [one, other] = [await ioredisMockCache(), await ioredisMockCache()];
    expect(one.prefix).not.toBe(other.prefix);
  });
});
