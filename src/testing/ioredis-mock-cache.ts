import type { CacheOptions } from '../infrastructure/config/options.ts';

let caches = 0;

/**
 * Cache options with an ioredis-mock of their own, for tests that want hits without a server. Needs the package
 * `ioredis-mock`, and rejects when it is not installed. The mock cannot fail or be slow: test outages on a real Redis.
 *
 * Instances of ioredis-mock share their data, so each call uses a prefix of its own.
 */
export async function ioredisMockCache(): Promise<CacheOptions> {
  const { default: RedisMock } = await import('ioredis-mock');
  caches += 1;
  return { client: new RedisMock(), prefix: `slotwise-mock-${caches}` };
}
