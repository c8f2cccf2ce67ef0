import { errAsync } from 'neverthrow';
import type { CacheInspection } from '../../application/ports/cache-inspection.ts';
import { cacheUnavailable } from './cache-unavailable.ts';

/** Where there is no Redis. */
export const nothingToInspect: CacheInspection = {
  contents: () => errAsync(cacheUnavailable('contents')),
  slowLog: () => errAsync(cacheUnavailable('slowLog')),
  usage: () => errAsync(cacheUnavailable('usage')),
};
