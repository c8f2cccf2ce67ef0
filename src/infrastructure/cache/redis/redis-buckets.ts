import type { Redis } from 'ioredis';
import type { Buckets, Pour, Poured } from '../../rate-limits/leaky-bucket.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisNodes } from './redis-nodes.ts';
import { pourScript } from './redis-scripts.ts';

export interface RedisBucketsOptions {
  readonly nodes: RedisNodes;
  readonly keys: RedisKeys;
  readonly commandTimeoutMs: number;
}

/** What was taken in all processes, by the clock of the server that holds the key. */
export class RedisBuckets implements Buckets {
  readonly #options: RedisBucketsOptions;

  constructor(options: RedisBucketsOptions) {
    this.#options = options;
  }

  async pour(into: Pour): Promise<Poured | undefined> {
    const { nodes, keys, commandTimeoutMs } = this.#options;
    const key = keys.bucket(into);
    const { link } = nodes.nodeOf(nodes.slotOf(key)) ?? {};
    if (link?.server === undefined) return undefined;
    return link.send(commandTimeoutMs, (client) => run(client, key, into));
  }
}

async function run(client: Redis, key: string, { rule, cost }: Pour): Promise<Poured> {
  const { limit, perMs, burst } = rule;
  const answer = await client.eval(pourScript, 1, key, limit, perMs, burst, cost);
  const [allowed, level, atMs] = String(answer).split(' ').map(Number);
  if (level === undefined || atMs === undefined) throw new Error('the script answered something else');
  return { allowed: allowed === 1, level, atMs };
}
