import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { besideRows } from '../../drivers/beside-rows.ts';
import { knownKeys } from '../../drivers/known-keys.ts';
import { MAX_ENTRIES, TTL_MS } from '../../drivers/place.ts';
import { serve } from '../../drivers/serve.ts';

/**
 * The tiers of https://bentocache.dev/docs/multi-tier. Memory alone is without serializing, which is faster but does
 * not work over Redis (https://github.com/Julien-R44/bentocache/issues/111). Redis alone is with a tag: that is how
 * everything about recruiters could be dropped at once.
 */
serve(
  besideRows((setUp, { redisUrl, prefix }, load) => {
    const keyOf = knownKeys((id) => `recruiter:${id}`);
    const { hostname: host, port } = new URL(redisUrl);
    const connection = { host, port: Number(port || 6379) };
    const stores = {
      memory: () => bentostore().useL1Layer(memoryDriver({ maxItems: MAX_ENTRIES, serialize: false })),
      redis: () => bentostore().useL2Layer(redisDriver({ connection })),
      tiers: () =>
        bentostore()
          .useL1Layer(memoryDriver({ maxItems: MAX_ENTRIES }))
          .useL2Layer(redisDriver({ connection }))
          .useBus(redisBusDriver({ connection, retryQueue: { enabled: true } })),
    };
    if (setUp === 'database') throw new Error('this is a cache');
    const recruiters = stores[setUp]();
    const bento = new BentoCache({
      default: 'recruiters',
      prefix: `${prefix}:bento`,
      ttl: TTL_MS,
      stores: { recruiters },
    });
    const tags = setUp === 'redis' ? ['recruiters'] : [];
    return {
      read: (id) => bento.getOrSet({ key: keyOf(id), factory: () => load(id), tags }),
      invalidate: (id) => bento.delete({ key: keyOf(id) }),
    };
  }),
);
