import { createCache } from 'async-cache-dedupe';
import { Redis } from 'ioredis';
import { besideRows } from '../../drivers/beside-rows.ts';
import { MAX_ENTRIES, TTL_MS } from '../../drivers/place.ts';
import type { RecruiterRow } from '../../drivers/rows.ts';
import { serve } from '../../drivers/serve.ts';

/** Storage in Redis with references, which its README calls best for a shared cache; it keeps nothing in memory then. */
serve(
  besideRows((setUp, { redisUrl, prefix }, load) => {
    const ttl = TTL_MS / 1000;
    const inRedis = () => ({
      type: 'redis' as const,
      options: {
        client: new Redis(redisUrl, { keyPrefix: `${prefix}:dedupe:` }),
        invalidation: { referencesTTL: ttl },
      },
    });
    const inMemory = { type: 'memory' as const, options: { size: MAX_ENTRIES, invalidation: true } };
    const cache = createCache({ ttl, storage: setUp === 'memory' ? inMemory : inRedis() }).define(
      'recruiter',
      {
        references: (_id: number, _key: string, found?: RecruiterRow) =>
          found ? [`recruiter~${found.id}`] : [],
      },
      (id: number) => load(id),
    );
    return {
      read: (id) => cache.recruiter(id),
      invalidate: (id) => cache.invalidateAll(`recruiter~${id}`),
    };
  }),
);
