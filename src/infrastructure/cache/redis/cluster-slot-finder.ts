import type { Redis } from 'ioredis';
import { readClusterSlots, SLOTS, type ClusterSlots } from './cluster-slots.ts';
import { addressName, type NatMap, type NodeAddress } from './redis-target.ts';
import { within } from './within.ts';

/** A server there is a connection to. */
export interface Connected {
  readonly address: NodeAddress;
  readonly client: Redis;
}

export interface SlotFinderOptions {
  readonly seeds: () => readonly NodeAddress[];
  readonly natMap: NatMap;
  /** A client that is not connected yet. */
  readonly connect: (address: NodeAddress) => Redis;
  /** How long one server may take, to connect and to answer. */
  readonly limitMs: number;
}

/** A server that answers at all answers this at once; waiting for a frozen one delays asking another. */
const CONNECTED_LIMIT_MS = 300;

/** Finds out which servers of a Cluster hold which slots, by asking them. */
export class ClusterSlotFinder {
  readonly #options: SlotFinderOptions;
  readonly #temporary = new Set<Redis>();
  #servers: readonly NodeAddress[] = [];
  #lastAsked = 0;

  constructor(options: SlotFinderOptions) {
    this.#options = options;
  }

  /**
   * Asks the connected masters one after the other, beginning with the one that answered last; when none of them knows
   * of a master for every slot, all other servers that are known, at once. Answers the fullest account there is, and
   * `undefined` when nobody knew of any master.
   *
   * @param another Begins with another one: a master that was cut off from the others still gives its old account.
   */
  async find(masters: readonly Connected[], another: boolean): Promise<ClusterSlots | undefined> {
    if (another) this.#lastAsked += 1;
    let fullest: ClusterSlots | undefined;
    for (let attempt = 0; attempt < masters.length; attempt += 1) {
      const at = this.#lastAsked % masters.length;
      fullest = fuller(fullest, await this.#askConnected(masters[at]));
      if (fullest?.covered === SLOTS) break;
      this.#lastAsked = at + 1;
    }
    if (fullest?.covered !== SLOTS) fullest = fuller(fullest, await this.#askOthers(masters));
    if (fullest === undefined || fullest.covered === 0) return undefined;
    this.#servers = fullest.servers;
    return fullest;
  }

  stop(): void {
    for (const client of this.#temporary) client.disconnect();
  }

  async #askConnected(server: Connected | undefined): Promise<ClusterSlots | undefined> {
    return server && within(CONNECTED_LIMIT_MS, this.#ask(server));
  }

  async #askOthers(masters: readonly Connected[]): Promise<ClusterSlots | undefined> {
    const asked = new Set(masters.filter(({ client }) => client.status === 'ready').map(nameOf));
    const others = new Map(
      [...this.#servers, ...this.#options.seeds()].map((address) => [addressName(address), address]),
    );
    const answers = [...others.values()]
      .filter((address) => !asked.has(addressName(address)))
      .map((address) => this.#askOnce(address));
    return firstFull(answers);
  }

  /** Over a connection that is made for this question. */
  async #askOnce(address: NodeAddress): Promise<ClusterSlots | undefined> {
    const client = this.#options.connect(address);
    this.#temporary.add(client);
    // What goes wrong shows in the answer; an `error` event that nobody listens to would end the process.
    client.on('error', () => undefined);
    const answer = await within(
      this.#options.limitMs,
      client.connect().then(() => this.#ask({ address, client })),
    );
    this.#temporary.delete(client);
    client.disconnect();
    return answer;
  }

  async #ask({ address, client }: Connected): Promise<ClusterSlots | undefined> {
    return readClusterSlots(await client.cluster('SLOTS'), address, this.#options.natMap);
  }
}

const nameOf = ({ address }: Connected): string => addressName(address);

const fuller = (one: ClusterSlots | undefined, other: ClusterSlots | undefined): ClusterSlots | undefined =>
  (other?.covered ?? 0) > (one?.covered ?? 0) ? other : one;

/** The first account of all slots, without waiting for the others, or else the fullest. */
async function firstFull(
  answers: readonly Promise<ClusterSlots | undefined>[],
): Promise<ClusterSlots | undefined> {
  const full = answers.map(async (answer) => {
    const slots = await answer;
    if (slots?.covered !== SLOTS) throw new Error('not all slots have a master');
    return slots;
  });
  return Promise.any(full).catch(async () => (await Promise.all(answers)).reduce(fuller, undefined));
}
