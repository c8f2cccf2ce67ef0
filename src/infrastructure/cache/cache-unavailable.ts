import type { CacheUnavailable } from '../../application/ports/cache.ts';

export const cacheUnavailable = (operation: string): CacheUnavailable => ({
  type: 'CacheUnavailable',
  operation,
  retryable: true,
});
