import type { RedisNode } from './redis-node.ts';

/** The masters that hold the keys: one server, or those of a Cluster. */
export interface RedisNodes {
  readonly nodes: readonly RedisNode[];
  /** Hash slot of a key; always 0 on a single server. */
  slotOf(key: string): number;
  /** Where a slot's commands go; `undefined` while that is not known. */
  nodeOf(slot: number): RedisNode | undefined;
  start(limitMs: number): Promise<void>;
  stop(): void;
}

export class SingleNode implements RedisNodes {
  readonly nodes: readonly [RedisNode];

  constructor(node: RedisNode) {
    this.nodes = [node];
  }

  slotOf(): number {
    return 0;
  }

  nodeOf(): RedisNode {
    return this.nodes[0];
  }

  start(limitMs: number): Promise<void> {
    return this.nodes[0].start(limitMs);
  }

  stop(): void {
    this.nodes[0].stop();
  }
}
