import { askNode } from './ask-node.ts';
import type { RedisNode } from './redis-node.ts';

/** How much a server may hold, and what it does then. */
export interface MemoryRule {
  /** 0 for no limit. */
  readonly maxBytes: number;
  /** As in `maxmemory-policy`. */
  readonly evictionPolicy: string;
}

/** What a master tells of itself when it is asked; `undefined` when it does not answer, or does not tell. */
export interface ServerFacts {
  memory(): Promise<MemoryRule | undefined>;
  /** Milliseconds since 1970 by its own clock. */
  timeMs(): Promise<number | undefined>;
}

export const factsOf = (node: RedisNode, budgetMs: number): ServerFacts => ({
  async memory() {
    const info = await askNode(node, budgetMs, (client) => client.info('memory'));
    return info === undefined ? undefined : readMemoryRule(info);
  },
  async timeMs() {
    const time = await askNode(node, budgetMs, (client) => client.time());
    if (time === undefined) return undefined;
    const [seconds, microseconds] = time;
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  },
});

function readMemoryRule(info: string): MemoryRule | undefined {
  const maxBytes = /^maxmemory:(\d+)/m.exec(info)?.[1];
  const evictionPolicy = /^maxmemory_policy:([\w-]+)/m.exec(info)?.[1];
  if (maxBytes === undefined || evictionPolicy === undefined) return undefined;
  return { maxBytes: Number(maxBytes), evictionPolicy };
}
