import calculateSlot from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { RedisProcess } from './redis-process.ts';
import { until } from './until.ts';

const MASTERS = 3;
const SLOTS = 16_384;
/** After which a silent master is replaced. */
const NODE_TIMEOUT_MS = 1000;
const LIMIT_MS = 20_000;
/** A server that takes longer to answer is frozen. */
const SILENT_MS = 300;
const AWAY = 'away';

/** One of the shards: a master and its replica, whichever of the two is the master at the moment. */
interface Shard {
  readonly from: number;
  readonly to: number;
  readonly servers: readonly [RedisProcess, RedisProcess];
}

const settings = (busPort: number): readonly string[] =>
  `--cluster-enabled yes --cluster-port ${busPort} --cluster-node-timeout ${NODE_TIMEOUT_MS}
   --cluster-replica-validity-factor 0 --repl-diskless-sync-delay 0`.split(/\s+/);

/** A Redis Cluster of the test's own: three masters, each with a replica, in six processes. */
export class RedisCluster implements AsyncDisposable {
  readonly shards: readonly Shard[];

  private constructor(shards: readonly Shard[]) {
    this.shards = shards;
  }

  static async start(args: readonly string[] = []): Promise<RedisCluster> {
    await using stack = new AsyncDisposableStack();
    const buses = new Map<RedisProcess, number>();
    const started = async (): Promise<RedisProcess> => {
      const busPort = await freePort();
      const server = stack.use(await RedisProcess.start([...settings(busPort), ...args]));
      buses.set(server, busPort);
      return server;
    };
    const shards: Shard[] = [];
    for (let shard = 0; shard < MASTERS; shard += 1)
      shards.push({
        from: Math.ceil((shard * SLOTS) / MASTERS),
        to: Math.ceil(((shard + 1) * SLOTS) / MASTERS) - 1,
        servers: [await started(), await started()],
      });
    const cluster = new RedisCluster(shards);
    await cluster.#join(buses);
    const owned = stack.move();
    cluster.#dispose = () => owned.disposeAsync();
    return cluster;
  }

  #dispose: () => Promise<void> = () => Promise.resolve();

  get servers(): readonly RedisProcess[] {
    return this.shards.flatMap(({ servers }) => servers);
  }

  /** Servers that a client is told of; the others it has to find. */
  get nodes(): readonly { readonly host: string; readonly port: number }[] {
    return this.servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  shardOf(key: string): Shard {
    const slot = calculateSlot(key);
    const shard = this.shards.find(({ from, to }) => from <= slot && slot <= to);
    if (shard === undefined) throw new Error(`no shard has slot ${slot}`);
    return shard;
  }

  async masterOf({ servers }: Shard): Promise<RedisProcess> {
    const roles = await Promise.all(servers.map((server) => roleOf(server)));
    const master = servers[roles.indexOf('master')];
    if (master === undefined) throw new Error('the shard has no master');
    return master;
  }

  /** Lets the replica take over in good order, as an operator would before maintenance. */
  async failover(shard: Shard): Promise<void> {
    const master = await this.masterOf(shard);
    const replica = shard.servers.find((server) => server !== master);
    await replica?.ask((client) => client.cluster('FAILOVER'));
    await this.promoted(shard, master);
  }

  /** Ends the master at once; answers it, so that it can be started again. */
  async killMaster(shard: Shard): Promise<RedisProcess> {
    const master = await this.masterOf(shard);
    await master.kill();
    return master;
  }

  /** Gives the slot of a key, and all keys in it, to another shard, one step after the other as an operator would. */
  async migrate(key: string, to: Shard): Promise<void> {
    const slot = String(calculateSlot(key));
    const owners = await Promise.all(this.shards.map((shard) => this.masterOf(shard)));
    const target = await this.masterOf(to);
    const source = await owner(owners, Number(slot));
    if (source === target) return;
    const [sourceId, targetId] = [await idOf(source), await idOf(target)];
    const tell = (server: RedisProcess, ...change: readonly string[]): Promise<unknown> =>
      server.ask((client) => client.call('CLUSTER', 'SETSLOT', slot, ...change));
    await tell(target, 'IMPORTING', sourceId);
    await tell(source, 'MIGRATING', targetId);
    await source.ask(async (client) => {
      for (;;) {
        const keys = (await client.call('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as readonly string[];
        if (keys.length === 0) return;
        await client.call('MIGRATE', '127.0.0.1', String(target.port), '', '0', '5000', 'KEYS', ...keys);
      }
    });
    await tell(target, 'NODE', targetId);
    await tell(source, 'NODE', targetId);
    for (const other of owners) await tell(other, 'NODE', targetId);
  }

  /** Waits until another server than this one is the only master, and all that run serve. */
  async promoted(shard: Shard, former: RedisProcess): Promise<void> {
    await until('another master', LIMIT_MS, async () => {
      const roles = await Promise.all(
        shard.servers.map(async (server) => ({ server, role: await roleOf(server) })),
      );
      return roles.every(({ server, role }) => (role === 'master') === (server !== former));
    });
    await this.settled();
  }

  /** Waits until every server that runs sees every slot served. */
  async settled(): Promise<void> {
    await until('a Cluster that serves all slots', LIMIT_MS, async () => {
      const states = await Promise.all(this.servers.map((server) => stateOf(server)));
      return states.every((state) => state === 'ok' || state === AWAY);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispose();
  }

  async #join(buses: ReadonlyMap<RedisProcess, number>): Promise<void> {
    const [first, ...others] = this.servers;
    for (const server of others)
      await first?.ask((client) =>
        client.call('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(buses.get(server))),
      );
    for (const { from, to, servers } of this.shards)
      await servers[0].ask((client) => client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)));
    await until('servers that know each other', LIMIT_MS, async () => {
      const known = await Promise.all(this.servers.map((server) => server.ask(knownNodes)));
      return known.every((count) => count === this.servers.length);
    });
    for (const { servers } of this.shards) await follow(servers);
    await this.settled();
  }
}

const knownNodes = async (client: Redis): Promise<number> =>
  String(await client.cluster('NODES'))
    .split('\n')
    .filter((line) => line.includes(' connected')).length;

/** Makes the second server the replica of the first. */
async function follow([master, replica]: Shard['servers']): Promise<void> {
  const id = await master.ask((client) => client.cluster('MYID'));
  await replica.ask((client) => client.cluster('REPLICATE', String(id)));
  await until('a replica in step', LIMIT_MS, async () =>
    (await replica.ask((client) => client.info('replication'))).includes('master_link_status:up'),
  );
}

const idOf = (server: RedisProcess): Promise<string> =>
  server.ask(async (client) => String(await client.cluster('MYID')));

/** The one of these that serves the slot. */
async function owner(masters: readonly RedisProcess[], slot: number): Promise<RedisProcess> {
  for (const master of masters) {
    const ranges = await master.ask((client) => client.cluster('SLOTS'));
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    const found = masters.find(({ port }) => port === range?.[2]?.[1]);
    if (found !== undefined) return found;
  }
  throw new Error(`no master serves slot ${slot}`);
}

async function roleOf(server: RedisProcess): Promise<string> {
  const [role] = await server.ask((client) => client.role(), SILENT_MS).catch(() => [AWAY]);
  return String(role);
}

async function stateOf(server: RedisProcess): Promise<string> {
  const info = await server
    .ask((client) => client.cluster('INFO'), SILENT_MS)
    .catch(() => `cluster_state:${AWAY}`);
  return /cluster_state:(\w+)/.exec(String(info))?.[1] ?? '';
}
