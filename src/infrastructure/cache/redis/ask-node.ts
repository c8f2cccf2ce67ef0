import type { Redis } from 'ioredis';
import type { RedisNode } from './redis-node.ts';

/** `undefined` when the server is not in use, fails or takes too long. */
export async function askNode<T>(
  { link }: RedisNode,
  budgetMs: number,
  command: (client: Redis) => Promise<T>,
): Promise<T | undefined> {
  return link.server === undefined ? undefined : link.send(budgetMs, command);
}
