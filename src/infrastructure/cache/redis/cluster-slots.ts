import { addressName, type NatMap, type NodeAddress } from './redis-target.ts';

export const SLOTS = 16_384;

/** Hash slots that one master serves, both ends included. */
interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly master: NodeAddress;
}

/** What one server of a Cluster knows about all of them. */
export interface ClusterSlots {
  /** In the order of the slots; those without a master that can be reached are left out. */
  readonly ranges: readonly SlotRange[];
  /** Masters and replicas, each once. */
  readonly servers: readonly NodeAddress[];
  /** How many slots have a master. */
  readonly covered: number;
}

/**
 * Reads the reply to `CLUSTER SLOTS`: for each range its ends and the servers that hold it, the master first. `undefined`
 * when it is no such reply.
 *
 * A server that does not know an address (its own, usually) answers none, or null, which means the one it was asked
 * under; `?` means that nobody can tell (https://redis.io/docs/latest/commands/cluster-slots/).
 */
export function readClusterSlots(
  reply: unknown,
  asked: NodeAddress,
  natMap: NatMap,
): ClusterSlots | undefined {
  if (!Array.isArray(reply)) return undefined;
  const ranges: SlotRange[] = [];
  const servers = new Map<string, NodeAddress>();
  let covered = 0;
  for (const row of reply as readonly unknown[]) {
    if (!Array.isArray(row)) return undefined;
    const [from, to, ...holders] = row as readonly unknown[];
    if (!isSlot(from) || !isSlot(to) || from > to) return undefined;
    const addresses = holders.map((holder) => addressIn(holder, asked, natMap));
    for (const address of addresses) if (address !== undefined) servers.set(addressName(address), address);
    const [master] = addresses;
    if (master === undefined) continue;
    ranges.push({ from, to, master });
    covered += to - from + 1;
  }
  return { ranges: ranges.toSorted((a, b) => a.from - b.from), servers: [...servers.values()], covered };
}

const isSlot = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < SLOTS;

function addressIn(holder: unknown, asked: NodeAddress, natMap: NatMap): NodeAddress | undefined {
  if (!Array.isArray(holder)) return undefined;
  const [host, port] = holder as readonly unknown[];
  if (typeof port !== 'number' || host === '?') return undefined;
  // Reached where the question was answered, so it needs no translation.
  if (host === null || host === '') return { host: asked.host, port };
  return typeof host === 'string' ? natMap({ host, port }) : undefined;
}
