import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { RedisProcess } from './redis-process.ts';
import { until } from './until.ts';

const NAME = 'main';
const SENTINELS = 3;
/** After which a silent master is replaced. */
const DOWN_AFTER_MS = 500;
const LIMIT_MS = 20_000;

/** A master, its replica and the Sentinels that look after them, in processes of the test's own. */
export class RedisSentinel implements AsyncDisposable {
  readonly name = NAME;
  readonly servers: readonly [RedisProcess, RedisProcess];
  readonly sentinels: readonly RedisProcess[];
  readonly #owned: AsyncDisposableStack;

  private constructor(
    servers: readonly [RedisProcess, RedisProcess],
    sentinels: readonly RedisProcess[],
    owned: AsyncDisposableStack,
  ) {
    this.servers = servers;
    this.sentinels = sentinels;
    this.#owned = owned;
  }

  static async start(): Promise<RedisSentinel> {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'slotwise-sentinel-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const master = stack.use(await RedisProcess.start());
    const follow = ['--replicaof', '127.0.0.1', String(master.port), '--repl-diskless-sync-delay', '0'];
    const replica = stack.use(await RedisProcess.start(follow));
    const sentinels: RedisProcess[] = [];
    for (let count = 0; count < SENTINELS; count += 1) {
      // Sentinels rewrite their configuration, so each has a file of its own.
      const file = join(folder, `${count}.conf`);
      await writeFile(file, configuration(master.port));
      sentinels.push(stack.use(await RedisProcess.start([file, '--sentinel'])));
    }
    const found = new RedisSentinel([master, replica], sentinels, stack.move());
    await found.settled();
    return found;
  }

  /** Where the Sentinels are, for a client that is told nothing else. */
  get addresses(): readonly { readonly host: string; readonly port: number }[] {
    return this.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  /** The server that the Sentinels name; `undefined` while they do not agree. */
  async master(): Promise<RedisProcess | undefined> {
    const named = await Promise.all(this.sentinels.map((sentinel) => sentinel.ask(masterPort)));
    const [port] = named;
    return named.every((other) => other === port)
      ? this.servers.find((server) => server.port === port)
      : undefined;
  }

  /** Lets the replica take over although the master works. */
  async failover(): Promise<void> {
    const former = await this.master();
    if (former === undefined) throw new Error('the Sentinels do not agree on a master');
    const [first] = this.sentinels;
    // A former master is no candidate before the Sentinel has looked at it anew.
    await until('a replica that may take over', LIMIT_MS, async () => {
      const answer = await first?.ask((client) =>
        client.call('SENTINEL', 'FAILOVER', NAME).catch((cause: unknown) => String(cause)),
      );
      return answer === 'OK';
    });
    await this.promoted(former);
  }

  /** Waits until another server than this one is the master, and every Sentinel names it. */
  async promoted(former: RedisProcess): Promise<void> {
    await until('another master', LIMIT_MS, async () => {
      const master = await this.master();
      return master !== undefined && master !== former;
    });
  }

  /** Waits until every Sentinel knows the replica and the other Sentinels, so that they can agree on a failover. */
  async settled(): Promise<void> {
    await until('Sentinels that know each other', LIMIT_MS, async () => {
      const infos = await Promise.all(
        this.sentinels.map((sentinel) => sentinel.ask((client) => client.info('sentinel'))),
      );
      return infos.every((info) => /status=ok,.*slaves=1,sentinels=3/.test(info));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

const configuration = (port: number): string => `sentinel monitor ${NAME} 127.0.0.1 ${port} 2
sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}
sentinel failover-timeout ${NAME} 3000
`;

async function masterPort(client: Redis): Promise<number> {
  const address = await client.call('SENTINEL', 'get-master-addr-by-name', NAME);
  return Array.isArray(address) ? Number(address[1]) : Number.NaN;
}
