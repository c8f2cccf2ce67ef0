import type { Redis } from 'ioredis';
import type { Logger } from '../../../application/ports/logger.ts';
import { ClusterNodes } from './cluster-nodes.ts';
import { connectMaster, connectNode, connectServer } from './redis-client.ts';
import { SingleNode, type RedisNodes, type Startable } from './redis-nodes.ts';
import { natMapOf, type ConnectionSettings, type RedisTarget } from './redis-target.ts';

/** The first connection to a server. */
export interface NodeClient {
  readonly client: Redis;
  /** A client the host lent is never connected, reconnected or closed. */
  readonly owned: boolean;
}

/** The servers that the options name, each opened as the caller says; nothing is connected before they are started. */
export function openNodes<Node extends Startable>(
  target: RedisTarget,
  settings: ConnectionSettings,
  openNode: (connection: NodeClient) => Node,
  logger: Logger,
): RedisNodes<Node> {
  const own = (client: Redis): Node => openNode({ client, owned: true });
  if (target.kind === 'cluster')
    return new ClusterNodes({
      seeds: target.seeds,
      natMap: natMapOf(target.natMap),
      connect: (address) => connectNode(address, target, settings),
      limitMs: settings.connectTimeoutMs,
      openNode: own,
      logger,
    });
  if (target.kind === 'client')
    return new SingleNode(openNode({ client: target.client as Redis, owned: false }));
  return new SingleNode(
    own(target.kind === 'sentinel' ? connectMaster(target, settings) : connectServer(target, settings)),
  );
}
