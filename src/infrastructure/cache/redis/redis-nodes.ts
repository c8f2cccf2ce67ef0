import type { RedisNode } from './redis-node.ts';
import type { Startable } from './startable.ts';

/** The masters that hold the keys. */
export interface RedisNodes<Node extends Startable = RedisNode> extends Startable {
  /** All of them, each once; another array after every change. */
  readonly nodes: readonly Node[];
  /** Whether every key has a server. */
  readonly complete: boolean;
  /** Hash slot of a key; always 0 on a single server. */
  slotOf(key: string): number;
  /** Where a slot's commands go; `undefined` while that is not known. */
  nodeOf(slot: number): Node | undefined;
  /** An answer showed that what is known about the slots is out of date. */
  moved(): void;
}

/** A server that holds everything. */
export class SingleNode<Node extends Startable> implements RedisNodes<Node> {
  readonly nodes: readonly [Node];
  readonly complete = true;

  constructor(node: Node) {
    this.nodes = [node];
  }

  slotOf(): number {
    return 0;
  }

  nodeOf(): Node {
    return this.nodes[0];
  }

  moved(): void {
    // There is nowhere else to go.
  }

  start(limitMs: number): Promise<void> {
    return this.nodes[0].start(limitMs);
  }

  stop(): void {
    this.nodes[0].stop();
  }
}
