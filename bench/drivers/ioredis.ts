import { Redis } from 'ioredis';
import { besideRows } from './beside-rows.ts';
import { knownKeys } from './known-keys.ts';
import { TTL_MS } from './place.ts';
import type { RecruiterRow } from './rows.ts';
import { serve } from './serve.ts';

/** What one would write without a library: `GET` and `JSON.parse`, else load and `SET`; `DEL` after a commit. */
serve(
  besideRows((_setUp, { redisUrl, prefix }, load) => {
    const redis = new Redis(redisUrl);
    // It reconnects by itself, and would print every failure.
    redis.on('error', () => undefined);
    const keyOf = knownKeys((id) => `${prefix}:plain:${id}`);
    return {
      async read(id) {
        const stored = await redis.get(keyOf(id));
        if (stored !== null) return JSON.parse(stored) as RecruiterRow;
        const loaded = await load(id);
        await redis.set(keyOf(id), JSON.stringify(loaded ?? null), 'PX', TTL_MS);
        return loaded;
      },
      invalidate: (id) => redis.del(keyOf(id)),
    };
  }),
);
