import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

/** No suite needs one longer; a server whose test was killed ends by itself. */
const DEFAULT_LIFETIME_SECONDS = 240;
const START_TIMEOUT_MS = 10_000;
const DATA_FILE = 'dump.rdb';

/** A copy of everything a server held at one moment. */
export type Snapshot = string;

/** A `redis-server` of the test's own, on a port and in a folder of its own, that can be frozen, killed and restarted. */
export class RedisProcess implements AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  readonly #args: readonly string[];
  readonly #lifetimeSeconds: number;
  #running: { readonly guard: ChildProcess; readonly pid: number } | undefined;
  #snapshots = 0;

  private constructor(port: number, folder: string, args: readonly string[], lifetimeSeconds: number) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#args = args;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** Where a server will be; it does not run before `restart`. */
  static async prepare(
    args: readonly string[] = [],
    lifetimeSeconds = DEFAULT_LIFETIME_SECONDS,
  ): Promise<RedisProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'slotwise-redis-'));
    return new RedisProcess(await freePort(), folder, args, lifetimeSeconds);
  }

  static async start(args: readonly string[] = []): Promise<RedisProcess> {
    const redis = await RedisProcess.prepare(args);
    await redis.restart();
    return redis;
  }

  /** Starts the server again after `kill`: empty, or with what a snapshot holds. */
  async restart(snapshot?: Snapshot): Promise<void> {
    if (this.#running !== undefined) throw new Error('the server is running');
    const data = join(this.#folder, DATA_FILE);
    await (snapshot === undefined ? rm(data, { force: true }) : copyFile(snapshot, data));
    // `timeout` runs the server as its child and ends with it. A configuration file would have to come first.
    const guard = spawn(
      'timeout',
      ['--signal=KILL', String(this.#lifetimeSeconds), 'redis-server', ...this.#args, ...this.#settings()],
      { stdio: 'ignore' },
    );
    const pid = await this.#readyPid(guard);
    this.#running = { guard, pid };
  }

  /** Freezes the server: its connections stay open and new ones are accepted, but nothing is answered. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  /** Lets it go on; it first works through everything that was sent to it meanwhile. */
  resume(): void {
    this.#signal('SIGCONT');
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.#running === undefined) return;
    const { guard } = this.#running;
    const ended = new Promise<void>((resolve) => {
      guard.once('exit', () => resolve());
    });
    this.#signal('SIGKILL');
    this.#running = undefined;
    await ended;
  }

  async snapshot(): Promise<Snapshot> {
    await this.ask((client) => client.save());
    this.#snapshots += 1;
    const copy = join(this.#folder, `snapshot-${this.#snapshots}.rdb`);
    await copyFile(join(this.#folder, DATA_FILE), copy);
    return copy;
  }

  /** Runs commands on a connection of their own; a frozen server is waited for no longer than this. */
  async ask<T>(commands: (client: Redis) => Promise<T>, limitMs?: number): Promise<T> {
    const client = new Redis(this.url, {
      commandTimeout: limitMs,
      disconnectTimeout: limitMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      lazyConnect: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await commands(client);
    } finally {
      client.disconnect();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #settings(): readonly string[] {
    const listening = ['--port', String(this.port), '--bind', '127.0.0.1', '--daemonize', 'no'];
    const storing = ['--dir', this.#folder, '--dbfilename', DATA_FILE, '--save', '', '--appendonly', 'no'];
    return [...listening, ...storing];
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#running === undefined) throw new Error('the server is not running');
    process.kill(this.#running.pid, signal);
  }

  async #readyPid(guard: ChildProcess): Promise<number> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (guard.exitCode !== null) throw new Error(`redis-server ended with ${guard.exitCode}`);
      const info = await this.ask((client) => client.info('server')).catch(() => '');
      const pid = /^process_id:(\d+)/m.exec(info)?.[1];
      if (pid !== undefined) return Number(pid);
      await sleep(20);
    }
    guard.kill('SIGKILL');
    throw new Error('redis-server did not become ready');
  }
}
