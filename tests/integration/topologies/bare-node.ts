import type { Redis } from 'ioredis';
import { silentLogger, type CacheOptions } from '../../../src/index.ts';
import { openNodes } from '../../../src/infrastructure/cache/redis/open-nodes.ts';
import type { RedisNodes } from '../../../src/infrastructure/cache/redis/redis-nodes.ts';
import type { Startable } from '../../../src/infrastructure/cache/redis/startable.ts';
import { within } from '../../../src/infrastructure/cache/redis/within.ts';
import { parseOptions } from '../../../src/infrastructure/config/parse-options.ts';

export const START_LIMIT_MS = 3000;

/** As little as a node can be: one connection. */
export class BareNode implements Startable {
  readonly client: Redis;

  constructor(client: Redis) {
    this.client = client.on('error', () => undefined);
  }

  get port(): number | undefined {
    return this.client.options.port;
  }

  async start(limitMs: number): Promise<void> {
    await within(limitMs, this.client.connect());
  }

  stop(): void {
    this.client.disconnect();
  }
}

/** The servers that these options name, without a cache on them. */
export function openBare(cache: CacheOptions, onChange: () => void = () => undefined): RedisNodes<BareNode> {
  const options = parseOptions({ cache })._unsafeUnwrap().cache;
  if (options === false || options.redis === undefined) throw new Error('no Redis');
  return openNodes(options.redis, options, {
    openNode: ({ client }) => new BareNode(client),
    onChange,
    logger: silentLogger,
  });
}

export async function startBare(
  stack: AsyncDisposableStack,
  cache: CacheOptions,
  onChange?: () => void,
): Promise<RedisNodes<BareNode>> {
  const nodes = openBare(cache, onChange);
  stack.defer(() => nodes.stop());
  await nodes.start(START_LIMIT_MS);
  return nodes;
}
