import { Redis } from 'ioredis';
import type { Slot } from '../../src/index.ts';
import type { Contender } from './contender.ts';

/** What one would write without an SDK: `GET`, then `JSON.parse`. No invalidation, no budget, no fallback. */
export async function ioredisContender(
  url: string,
  prefix: string,
  slots: readonly Slot[],
  cleanUp: AsyncDisposableStack,
): Promise<Contender> {
  const redis = new Redis(url, { lazyConnect: true });
  cleanUp.defer(() => redis.disconnect());
  await redis.connect();
  const keyOf = (id: number): string => `${prefix}:plain:${id}`;
  for (const slot of slots) await redis.set(keyOf(slot.id), JSON.stringify(slot));
  return {
    name: 'ioredis GET + JSON.parse',
    read: async (id) => JSON.parse((await redis.get(keyOf(id))) ?? 'null') as unknown,
    idOf: (answer) => (answer as { id: number }).id,
  };
}
