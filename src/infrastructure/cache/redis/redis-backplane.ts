import type { Backplane } from '../backplane.ts';
import type { RedisNodes } from './redis-nodes.ts';

/** The announcements of all masters: only the one that holds a key is heard in time for certain, so all of them must be. */
export class RedisBackplane implements Backplane {
  readonly #nodes: RedisNodes;

  constructor(nodes: RedisNodes) {
    this.#nodes = nodes;
  }

  get trustedUntil(): number {
    const { nodes } = this.#nodes;
    let until = nodes.length === 0 ? 0 : Number.POSITIVE_INFINITY;
    for (const node of nodes) until = Math.min(until, node.trustedUntil);
    return until;
  }

  late(): void {
    for (const node of this.#nodes.nodes) node.late();
  }
}
