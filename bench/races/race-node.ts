import { setTimeout as sleep } from 'node:timers/promises';
import { ChildWorker } from '../../tests/support/child-process.ts';
import { TcpProxy } from '../../tests/support/tcp-proxy.ts';
import type { Place } from '../drivers/place.ts';
import type { Driver } from '../drivers/serve.ts';
import type { Library } from '../libraries.ts';

/** A caller gives up after this; the application behind it may still be waiting. */
const PATIENCE_MS = 1_000;

/** One process of an application that caches with some library, and its networks to the servers. */
export class RaceNode implements AsyncDisposable {
  /** How PostgreSQL knows this process. */
  readonly name: string;
  readonly redis: TcpProxy;
  readonly database: TcpProxy;
  readonly #library: Library;
  readonly #place: Place;
  #worker: ChildWorker<Driver> | undefined;

  private constructor(library: Library, name: string, servers: Place, redis: TcpProxy, database: TcpProxy) {
    this.name = name;
    this.redis = redis;
    this.database = database;
    this.#library = library;
    this.#place = {
      ...servers,
      redisUrl: `redis://127.0.0.1:${redis.port}`,
      databaseUrl: through(database, servers.databaseUrl, name),
    };
  }

  static async open(library: Library, name: string, servers: Place): Promise<RaceNode> {
    const redis = await TcpProxy.start(Number(new URL(servers.redisUrl).port));
    const database = await TcpProxy.start(Number(new URL(servers.databaseUrl).port || 5432));
    const node = new RaceNode(library, name, servers, redis, database);
    await node.revive();
    return node;
  }

  get alive(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts the process unless it is running. */
  async revive(): Promise<void> {
    if (this.#worker !== undefined) return;
    const worker = new ChildWorker<Driver>(this.#library.program);
    this.#worker = worker;
    void worker.exited.then(() => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    await worker.call('open', { setUp: this.#library.shared, place: this.#place });
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#worker?.kill();
  }

  /** The recruiter's name; `undefined` when there was no answer in time, or an error. */
  read(id: number): Promise<string | undefined> {
    return inTime(this.#call('read', id));
  }

  /** Resolves when the application answers its caller, which it does after a second at the latest. */
  async rename(id: number, name: string): Promise<void> {
    await inTime(this.#call('rename', { id, name }));
  }

  async renameAndRollBack(id: number, name: string): Promise<void> {
    await inTime(this.#call('renameAndRollBack', { id, name }));
  }

  /** Lets many callers of this process ask for the same at once; answers how many times the database was asked. */
  herd(id: number, callers: number, at: number): Promise<number> {
    return this.#call('herd', { id, callers, at });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.redis[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
  }

  readonly #call: ChildWorker<Driver>['call'] = (name, input) =>
    this.#worker === undefined
      ? Promise.reject(new Error(`${this.name} does not run`))
      : this.#worker.call(name, input);
}

function through(proxy: TcpProxy, url: string, applicationName: string): string {
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(proxy.port);
  proxied.searchParams.set('application_name', applicationName);
  return proxied.href;
}

const inTime = <T>(answer: Promise<T>): Promise<T | undefined> =>
  Promise.race([answer.catch(() => undefined), sleep(PATIENCE_MS, undefined, { ref: false })]);
