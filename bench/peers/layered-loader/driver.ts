import { Redis } from 'ioredis';
import { createNotificationPair, Loader, RedisCache } from 'layered-loader';
import { besideRows } from '../../drivers/beside-rows.ts';
import { knownKeys } from '../../drivers/known-keys.ts';
import { MAX_ENTRIES, TTL_MS } from '../../drivers/place.ts';
import type { RecruiterRow } from '../../drivers/rows.ts';
import { serve } from '../../drivers/serve.ts';

/** Memory, Redis and a notification pair, as its README sets them up under "Update notifications". */
serve(
  besideRows(async (setUp, { redisUrl, prefix }, load) => {
    const keyOf = knownKeys(String);
    const asyncCache = new RedisCache<RecruiterRow>(new Redis(redisUrl), {
      prefix: `${prefix}:layered`,
      json: true,
      ttlInMsecs: TTL_MS,
    });
    const source = { asyncCache, dataSourceGetOneFn: (id: string) => load(Number(id)) };
    if (setUp === 'redis') {
      const loader = new Loader<RecruiterRow>(source);
      return {
        read: (id) => loader.get(keyOf(id)),
        invalidate: (id) => loader.invalidateCacheFor(keyOf(id)),
      };
    }
    const { publisher, consumer } = createNotificationPair<RecruiterRow>({
      channel: `${prefix}:layered:notifications`,
      publisherRedis: new Redis(redisUrl),
      consumerRedis: new Redis(redisUrl),
    });
    const loader = new Loader<RecruiterRow>({
      ...source,
      inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: TTL_MS, maxItems: MAX_ENTRIES },
      notificationPublisher: publisher,
      notificationConsumer: consumer,
    });
    await loader.init();
    return {
      read: (id) => loader.get(keyOf(id)),
      peek: (id) => loader.getInMemoryOnly(keyOf(id)),
      invalidate: (id) => loader.invalidateCacheFor(keyOf(id)),
    };
  }),
);
