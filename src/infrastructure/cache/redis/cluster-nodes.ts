import slotOf from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import type { Logger } from '../../../application/ports/logger.ts';
import { ClusterSlotFinder, type Connected, type SlotFinderOptions } from './cluster-slot-finder.ts';
import { SLOTS, type ClusterSlots } from './cluster-slots.ts';
import type { RedisNodes } from './redis-nodes.ts';
import type { Startable } from './startable.ts';
import { addressName, type NodeAddress } from './redis-target.ts';
import { RefreshLoop } from './refresh-loop.ts';
import { within } from './within.ts';

export interface ClusterNodesOptions<Node> extends SlotFinderOptions {
  /** Takes the connection to a master, which is made when the node is started. */
  readonly openNode: (client: Redis) => Node;
  /** Told when slots have got another master, before anything is sent there. */
  readonly onChange: () => void;
  readonly logger: Logger;
}

/** One small command to one server: twice within the time for which memory may answer what is no longer true. */
const PACE = { intervalMs: 500, pauseMs: 50 } as const;

interface Member<Node> extends Connected {
  readonly node: Node;
}

/**
 * The masters of a Cluster, each with connections of its own. An answer is worth something only together with the
 * server that gave it, so redirections are not followed: they tell that the slots have moved, and nothing else.
 *
 * Which master has which slots is asked at the start, twice a second, and at once when an answer or a connection that
 * closed suggests that it has changed. A new master is in use from the moment it is known, as far as its own link is up;
 * one that has become a replica or has gone is let go.
 */
export class ClusterNodes<Node extends Startable> implements RedisNodes<Node> {
  readonly #options: ClusterNodesOptions<Node>;
  readonly #finder: ClusterSlotFinder;
  readonly #loop = new RefreshLoop(() => this.#refresh(), PACE);
  #members: ReadonlyMap<string, Member<Node>> = new Map();
  #nodes: readonly Node[] = [];
  #bySlot: readonly (Node | undefined)[] = [];
  #layout = '';
  #covered = 0;
  #starting: Promise<unknown> = Promise.resolve();
  #startLimitMs = 0;
  #doubtful = false;
  #known: boolean | undefined;
  #stopped = false;

  constructor(options: ClusterNodesOptions<Node>) {
    this.#options = options;
    this.#finder = new ClusterSlotFinder(options);
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get complete(): boolean {
    return this.#covered === SLOTS;
  }

  slotOf(key: string): number {
    return slotOf(key);
  }

  nodeOf(slot: number): Node | undefined {
    return this.#bySlot[slot];
  }

  moved(): void {
    this.#doubtful = true;
    this.#loop.soon();
  }

  async start(limitMs: number): Promise<void> {
    this.#startLimitMs = limitMs;
    await within(
      limitMs,
      this.#loop.start().then(() => this.#starting),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#loop.stop();
    this.#finder.stop();
    for (const member of this.#members.values()) this.#letGo(member);
    this.#use(new Map(), []);
  }

  async #refresh(): Promise<void> {
    const doubtful = this.#doubtful;
    this.#doubtful = false;
    const slots = await this.#finder.find([...this.#members.values()], doubtful);
    if (this.#stopped) return;
    this.#tell(slots);
    if (slots !== undefined) this.#apply(slots);
  }

  #apply({ ranges, covered }: ClusterSlots): void {
    const layout = ranges.map(({ from, to, master }) => `${from}-${to} ${addressName(master)}`).join();
    if (layout === this.#layout) return;
    this.#layout = layout;
    this.#covered = covered;

    const before = this.#members;
    const members = new Map<string, Member<Node>>();
    const bySlot = Array.from<Node | undefined>({ length: SLOTS });
    const added: Member<Node>[] = [];
    for (const { from, to, master } of ranges) {
      const name = addressName(master);
      let member = members.get(name) ?? before.get(name);
      if (member === undefined) {
        member = this.#open(master);
        added.push(member);
      }
      members.set(name, member);
      bySlot.fill(member.node, from, to + 1);
    }
    this.#use(members, bySlot);
    this.#options.onChange();
    this.#starting = Promise.all(added.map(({ node }) => node.start(this.#startLimitMs)));
    for (const [name, member] of before) if (!members.has(name)) this.#letGo(member);
    this.#options.logger.info({ masters: [...members.keys()] }, 'the masters of the Redis Cluster are known');
  }

  #use(members: ReadonlyMap<string, Member<Node>>, bySlot: readonly (Node | undefined)[]): void {
    this.#members = members;
    this.#nodes = [...members.values()].map(({ node }) => node);
    this.#bySlot = bySlot;
  }

  #open(address: NodeAddress): Member<Node> {
    const client = this.#options.connect(address);
    client.on('close', this.#onClose);
    return { address, client, node: this.#options.openNode(client) };
  }

  #letGo({ client, node }: Member<Node>): void {
    client.off('close', this.#onClose);
    node.stop();
  }

  readonly #onClose = (): void => this.#loop.soon();

  /** Once per change: a Cluster that is away is asked for again and again. */
  #tell(slots: ClusterSlots | undefined): void {
    const known = slots !== undefined;
    if (known === this.#known) return;
    this.#known = known;
    if (!known) this.#options.logger.warn({}, 'no server of the Redis Cluster answers which masters it has');
  }
}
