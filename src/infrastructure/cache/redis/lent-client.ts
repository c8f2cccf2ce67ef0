import type { Cluster, Redis } from 'ioredis';
import { loginFor, readNode, type NamedNode } from './node-url.ts';
import { addressName, type ClientTarget, type ClusterTarget, type NodeAddress } from './redis-target.ts';

/** A startup node as ioredis takes it. */
type StartupNode = string | number | Partial<NamedNode>;

const DEFAULT_NODE = { host: '127.0.0.1', port: 6379 } as const;

/** Both releases of ioredis say so themselves. */
const isCluster = (client: object): client is Cluster => 'isCluster' in client && client.isCluster === true;

/**
 * Why a client of the host cannot be used, if that is so.
 *
 * ioredis puts `keyPrefix` before every key it finds in a command, keys of scripts included, but not before the names of
 * channels. Entries and versions would lie under other keys than those of a process that reaches the same Redis in
 * another way, and neither would notice what the other one changes.
 */
export function unfitness(client: object): string | undefined {
  // A fake client, as hosts use in their tests, may have no options.
  const options = (client as Partial<Pick<Redis, 'options'>>).options;
  if (options?.keyPrefix !== undefined && options.keyPrefix.length > 0)
    return 'must have no keyPrefix: give cache.prefix instead';
  if (options?.role === 'slave' || options?.readOnly === true)
    return ofMasters('not be connected to a replica');
  if (!isCluster(client)) return undefined;
  if (client.options.scaleReads !== 'master') return ofMasters("have scaleReads: 'master'");
  return startupNodes(client).length === 0 ? 'must have been made with at least one node' : undefined;
}

const ofMasters = (condition: string): string =>
  `must ${condition}: a replica may answer what is no longer true`;

/** A single server is reached through the client itself, a Cluster by connections like those the client makes. */
export function lentTarget(client: object): ClientTarget | ClusterTarget {
  if (!isCluster(client)) return { kind: 'client', client };
  return {
    kind: 'cluster',
    seeds: () => seedsOf(client),
    natMap: client.options.natMap ?? undefined,
    ...loginFor(client.options.redisOptions ?? {}, startupNodes(client)),
  };
}

/** The addresses it was made with, and those it has found since. */
function seedsOf(client: Cluster): readonly NodeAddress[] {
  const found = client.nodes('all').map(({ options }) => options);
  const named = client.options.useSRVRecords === true ? [] : startupNodes(client);
  const addresses = [...named, ...found].map(
    ({ host = DEFAULT_NODE.host, port = DEFAULT_NODE.port }): NodeAddress => ({ host, port }),
  );
  return [...new Map(addresses.map((address) => [addressName(address), address])).values()];
}

/** Private in the types of ioredis, and the only place where they are before it has connected. */
function startupNodes(client: Cluster): readonly Partial<NamedNode>[] {
  const { startupNodes: given } = client as unknown as { readonly startupNodes?: unknown };
  return Array.isArray(given) ? (given as readonly StartupNode[]).map(normalized) : [];
}

function normalized(node: StartupNode): Partial<NamedNode> {
  if (typeof node === 'string') return readNode(node, DEFAULT_NODE.port) ?? {};
  if (typeof node === 'number') return { port: node };
  return node.port === undefined ? node : { ...node, port: Number(node.port) };
}
