import KeyvRedis from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { Cacheable } from 'cacheable';
import { Keyv } from 'keyv';
import { besideRows } from '../../drivers/beside-rows.ts';
import { knownKeys } from '../../drivers/known-keys.ts';
import { TTL_MS } from '../../drivers/place.ts';
import type { RecruiterRow } from '../../drivers/rows.ts';
import { serve } from '../../drivers/serve.ts';

/** Memory over Redis, kept in step by CacheableSync, as its README sets them up; in Redis alone it is a Keyv. */
serve(
  besideRows((setUp, { redisUrl, prefix }, load) => {
    const keyOf = knownKeys((id) => `recruiter:${id}`);
    const namespace = `${prefix}:cacheable`;
    const store = new KeyvRedis(redisUrl);
    const cache =
      setUp === 'tiers'
        ? new Cacheable({
            secondary: store,
            namespace,
            ttl: TTL_MS,
            sync: { qified: new RedisMessageProvider({ uri: redisUrl }) },
          })
        : new Cacheable({ primary: new Keyv({ store, namespace }), ttl: TTL_MS });
    cache.on('error', () => undefined);
    return {
      read: (id) => cache.getOrSet<RecruiterRow | undefined>(keyOf(id), () => load(id)),
      invalidate: (id) => cache.delete(keyOf(id)),
    };
  }),
);
