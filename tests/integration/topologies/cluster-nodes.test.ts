import { Cluster, type ClusterNode, type ClusterOptions } from 'ioredis';
import { Cluster as Cluster6 } from 'ioredis-6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisNodes } from '../../../src/infrastructure/cache/redis/redis-nodes.ts';
import { RedisCluster } from '../../support/redis-cluster.ts';
import type { RedisProcess } from '../../support/redis-process.ts';
import { describeWithRedisServer } from '../../support/services.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { UnhandledRejections } from '../../support/unhandled-rejections.ts';
import { openBare, startBare, START_LIMIT_MS, type BareNode } from './bare-node.ts';

type Nodes = RedisNodes<BareNode>;

/** Asked twice a second and at once after an answer that shows a change; the machine may add to it. */
const NOTICED_MS = 3000;

const keys = Array.from({ length: 300 }, (_, index) => `key:${index}`);

/** Writes where the key is thought to be; tells when that was wrong, as the cache does. */
async function write(nodes: Nodes, key: string): Promise<boolean> {
  const node = nodes.nodeOf(nodes.slotOf(key));
  if (node === undefined) return false;
  const written = await node.client.set(key, 'value').catch((cause: unknown) => String(cause));
  if (written === 'OK') return true;
  nodes.moved();
  return false;
}

const writeAll = async (nodes: Nodes): Promise<number> =>
  (await Promise.all(keys.map((key) => write(nodes, key)))).filter(Boolean).length;

const inOrder = (ports: readonly number[]): readonly number[] => ports.toSorted((a, b) => a - b);

const portsOf = (nodes: Nodes): readonly number[] => inOrder(nodes.nodes.map(({ port }) => port ?? 0));

describeWithRedisServer('the masters of a Redis Cluster', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  const masterPorts = async (): Promise<readonly number[]> =>
    inOrder(
      (await Promise.all(cluster.shards.map((shard) => cluster.masterOf(shard)))).map(({ port }) => port),
    );

  /** Connections to all servers, but for those that ask. */
  const connections = async (): Promise<number> => {
    const lists = await Promise.all(
      cluster.servers.map((server) =>
        server.ask((client) => client.call('CLIENT', 'LIST', 'TYPE', 'normal')),
      ),
    );
    return lists
      .map((list) => String(list).trim().split('\n').length - 1)
      .reduce((sum, count) => sum + count);
  };

  it('are found from any server, a replica too, and get the keys of their slots', async () => {
    for (const { port } of cluster.servers) {
      await using stack = new AsyncDisposableStack();
      const nodes = await startBare(stack, { cluster: { nodes: [`127.0.0.1:${port}`] } });
      expect(portsOf(nodes)).toEqual(await masterPorts());
      expect(await writeAll(nodes)).toBe(keys.length);
      const used = new Set(keys.map((key) => nodes.nodeOf(nodes.slotOf(key))));
      expect(used.size).toBe(3);
    }
  });

  it('are found although most of the servers that were named do not answer', async () => {
    await using stack = new AsyncDisposableStack();
    const silent = stack.use(await TcpProxy.start(cluster.nodes[0]?.port ?? 0));
    silent.swallow();
    const [, answering] = cluster.nodes;
    const seeds = [
      { host: '127.0.0.1', port: silent.port },
      { host: '127.0.0.1', port: 1 },
    ];
    const startedAt = performance.now();
    const nodes = await startBare(stack, {
      cluster: { nodes: [...seeds, ...(answering ? [answering] : [])] },
    });
    expect(portsOf(nodes)).toEqual(await masterPorts());
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('are reached through other addresses where there is a map of them', async () => {
    await using stack = new AsyncDisposableStack();
    const proxies = await Promise.all(
      cluster.servers.map(async ({ port }) => ({ port, proxy: stack.use(await TcpProxy.start(port)) })),
    );
    const natMap = Object.fromEntries(
      proxies.map(({ port, proxy }) => [`127.0.0.1:${port}`, { host: '127.0.0.1', port: proxy.port }]),
    );
    const seed = { host: '127.0.0.1', port: proxies[0]?.proxy.port ?? 0 };
    const outside = new Set(proxies.map(({ proxy }) => proxy.port));
    for (const map of [natMap, (address: string) => natMap[address] ?? null]) {
      const nodes = await startBare(stack, { cluster: { nodes: [seed], natMap: map } });
      expect(portsOf(nodes)).toHaveLength(3);
      expect(portsOf(nodes).every((port) => outside.has(port))).toBe(true);
      expect(await writeAll(nodes)).toBe(keys.length);
    }
  });

  it('are known to be others after a replica has taken over in good order', async () => {
    await using stack = new AsyncDisposableStack();
    const nodes = await startBare(stack, { cluster: { nodes: cluster.nodes } });
    const [shard] = cluster.shards;
    if (shard === undefined) throw new Error('no shard');
    const before = nodes.nodes;
    await cluster.failover(shard);
    // The former master answers MOVED.
    await expect.poll(() => writeAll(nodes), { timeout: NOTICED_MS }).toBe(keys.length);
    expect(portsOf(nodes)).toEqual(await masterPorts());
    expect(nodes.nodes.filter((node) => before.includes(node))).toHaveLength(2);
  });

  it('are noticed to have changed without a question or a closed connection that shows it', async () => {
    await using stack = new AsyncDisposableStack();
    let changes = 0;
    const nodes = await startBare(stack, { cluster: { nodes: cluster.nodes } }, () => {
      changes += 1;
    });
    expect(changes).toBe(1);
    const [, shard] = cluster.shards;
    if (shard === undefined) throw new Error('no shard');
    await cluster.failover(shard);
    const masters = await masterPorts();
    await expect.poll(() => portsOf(nodes), { timeout: NOTICED_MS }).toEqual(masters);
    expect(changes).toBe(2);
  });

  it.each([
    ['is killed', (master: RedisProcess) => master.kill()],
    ['freezes', (master: RedisProcess) => Promise.resolve(master.pause())],
  ])('are others when one of them %s', async (_, end) => {
    await using stack = new AsyncDisposableStack();
    using unhandled = new UnhandledRejections();
    const nodes = await startBare(stack, { cluster: { nodes: cluster.nodes.slice(0, 1) } });
    // The one that is asked for the slots, too: it has the first of them.
    const [shard] = cluster.shards;
    if (shard === undefined) throw new Error('no shard');
    const former = await cluster.masterOf(shard);
    stack.defer(async () => {
      await former.kill();
      await former.restart();
      await cluster.settled();
    });
    await end(former);
    await cluster.promoted(shard, former);
    await expect.poll(() => portsOf(nodes).includes(former.port), { timeout: NOTICED_MS }).toBe(false);
    await expect.poll(() => writeAll(nodes), { timeout: NOTICED_MS }).toBe(keys.length);
    expect(unhandled.seen).toEqual([]);
  });

  it('get a slot that moved from one to another', async () => {
    await using stack = new AsyncDisposableStack();
    const nodes = await startBare(stack, { cluster: { nodes: cluster.nodes } });
    const key = 'moved';
    const slot = String(nodes.slotOf(key));
    const from = cluster.shardOf(key);
    const to = cluster.shards.find((shard) => shard !== from) ?? from;
    const [source, target] = [await cluster.masterOf(from), await cluster.masterOf(to)];
    const idOf = (server: RedisProcess): Promise<string> =>
      server.ask(async (client) => String(await client.cluster('MYID')));
    const give = async (one: RedisProcess, other: RedisProcess): Promise<void> => {
      const [oneId, otherId] = [await idOf(one), await idOf(other)];
      const steps = [
        [other, 'IMPORTING', oneId],
        [one, 'MIGRATING', otherId],
        [other, 'NODE', otherId],
        [one, 'NODE', otherId],
      ] as const;
      for (const [server, state, id] of steps)
        await server.ask((client) => client.call('CLUSTER', 'SETSLOT', slot, state, id));
    };
    await give(source, target);
    stack.defer(async () => {
      await target.ask((client) => client.del(key));
      await give(target, source);
    });
    await expect.poll(() => write(nodes, key), { timeout: NOTICED_MS }).toBe(true);
    expect(nodes.nodeOf(Number(slot))?.port).toBe(target.port);
  });

  it('leave no connection behind', async () => {
    await expect.poll(connections, { timeout: NOTICED_MS }).toBe(0);
    const nodes = openBare({ cluster: { nodes: cluster.nodes } });
    await nodes.start(START_LIMIT_MS);
    expect(await connections()).toBe(3);
    nodes.stop();
    expect(nodes.nodes).toEqual([]);
    expect(nodes.nodeOf(0)).toBeUndefined();
    await expect.poll(connections, { timeout: NOTICED_MS }).toBe(0);

    const hurried = openBare({ cluster: { nodes: cluster.nodes } });
    const starting = hurried.start(START_LIMIT_MS);
    hurried.stop();
    await starting;
    await expect.poll(connections, { timeout: NOTICED_MS }).toBe(0);
  });

  const releases = [
    {
      release: 'ioredis 5',
      connect: (nodes: ClusterNode[], options: ClusterOptions) => new Cluster(nodes, options),
    },
    {
      release: 'ioredis 6',
      // Typed by the release that is installed as `ioredis`; a host has only one of them.
      connect: (nodes: ClusterNode[], options: ClusterOptions) =>
        new Cluster6(nodes, options as never) as unknown as Cluster,
    },
  ];

  describe.each(releases)('lent as a client of $release', ({ connect }) => {
    it('are found whether the client is connected or not, and the client is left as it is', async () => {
      await using stack = new AsyncDisposableStack();
      const idle = connect(cluster.nodes.slice(0, 1), { lazyConnect: true });
      const connected = connect(cluster.nodes.slice(0, 1), { lazyConnect: true });
      await connected.connect();
      stack.defer(() => connected.disconnect());
      for (const client of [idle, connected]) {
        const status = client.status;
        const nodes = await startBare(stack, { client });
        expect(portsOf(nodes)).toEqual(await masterPorts());
        expect(await writeAll(nodes)).toBe(keys.length);
        nodes.stop();
        expect(client.status).toBe(status);
      }
      expect(await connected.set('still', 'usable')).toBe('OK');
    });
  });
});

describeWithRedisServer('a Redis Cluster that is away', () => {
  it('does not hold up the start, and is joined when it appears', async () => {
    await using stack = new AsyncDisposableStack();
    using unhandled = new UnhandledRejections();
    const cluster = stack.use(await RedisCluster.start());
    const proxies = await Promise.all(
      cluster.servers.map(async ({ port }) => ({ port, proxy: stack.use(await TcpProxy.start(port)) })),
    );
    for (const { proxy } of proxies) proxy.swallow();
    const natMap = Object.fromEntries(
      proxies.map(({ port, proxy }) => [`127.0.0.1:${port}`, { host: '127.0.0.1', port: proxy.port }]),
    );
    const seeds = proxies.map(({ proxy }) => ({ host: '127.0.0.1', port: proxy.port }));
    const nodes = openBare({ cluster: { nodes: seeds, natMap }, connectTimeoutMs: 500 });
    stack.defer(() => nodes.stop());
    const startedAt = performance.now();
    await nodes.start(200);
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(nodes.nodes).toEqual([]);
    expect(nodes.nodeOf(0)).toBeUndefined();
    for (const { proxy } of proxies) proxy.heal();
    await expect.poll(() => writeAll(nodes), { timeout: NOTICED_MS }).toBe(keys.length);
    expect(unhandled.seen).toEqual([]);
  });
});
