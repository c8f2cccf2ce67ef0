import type { Redis } from 'ioredis';
import type { Logger } from '../../../application/ports/logger.ts';
import { ClusterNodes } from './cluster-nodes.ts';
import { connectMaster, connectNode, connectServer } from './redis-client.ts';
import { SingleNode, type RedisNodes } from './redis-nodes.ts';
import type { Startable } from './startable.ts';
import { natMapOf, type ConnectionSettings, type RedisTarget } from './redis-target.ts';

/** The first connection to a server. */
export interface NodeClient {
  readonly client: Redis;
  /** A client the host lent is never connected, reconnected or closed. */
  readonly owned: boolean;
}

export interface Opening<Node> {
  /** Puts a server to use; it is connected to when the node is started. */
  readonly openNode: (connection: NodeClient) => Node;
  /** Told when keys are on another server than before; never of a single one. */
  readonly onChange: () => void;
  readonly logger: Logger;
}

/** The servers that the options name. */
export function openNodes<Node extends Startable>(
  target: RedisTarget,
  settings: ConnectionSettings,
  { openNode, onChange, logger }: Opening<Node>,
): RedisNodes<Node> {
  const own = (client: Redis): Node => openNode({ client, owned: true });
  if (target.kind === 'cluster')
    return new ClusterNodes({
      seeds: target.seeds,
      natMap: natMapOf(target.natMap),
      connect: (address) => connectNode(address, target, settings),
      limitMs: settings.connectTimeoutMs,
      openNode: own,
      onChange,
      logger,
    });
  if (target.kind === 'client')
    return new SingleNode(openNode({ client: target.client as Redis, owned: false }));
  return new SingleNode(
    own(target.kind === 'sentinel' ? connectMaster(target, settings) : connectServer(target, settings)),
  );
}
