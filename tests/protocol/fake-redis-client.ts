import { EventEmitter } from 'node:events';
import type { FakeRedisServer, Subscriber } from './fake-redis-server.ts';
import { Lane } from './lane.ts';

interface Pending {
  readonly name: string;
  readonly args: readonly string[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (cause: Error) => void;
}

export interface FakeRedisClientOptions {
  readonly name: string;
  /** The process it belongs to, as places of an interleaving. */
  readonly places: readonly string[];
  /** Where a new connection leads. */
  readonly server: () => FakeRedisServer;
  readonly register: (lane: Lane) => void;
  /** Sends what was not answered once more on the next connection, as ioredis does unless it is told not to. */
  readonly resends?: boolean;
}

/** What the engine uses of an ioredis client. Commands and answers travel in order, and arrive when they are let. */
export class FakeRedisClient extends EventEmitter implements Subscriber {
  status: 'wait' | 'ready' | 'reconnecting' | 'end' = 'wait';
  readonly #options: FakeRedisClientOptions;
  readonly #toServer = new Lane();
  readonly #fromServer = new Lane();
  readonly #reconnects = new Lane();
  readonly duplicates: FakeRedisClient[] = [];
  #pending: Pending[] = [];
  #server: FakeRedisServer | undefined;
  #sent = 0;
  #heard = 0;

  constructor(options: FakeRedisClientOptions) {
    super();
    this.#options = options;
    for (const lane of [this.#toServer, this.#fromServer, this.#reconnects]) options.register(lane);
  }

  /** Nothing gets through in either direction, and nobody is told. */
  set silent(silent: boolean) {
    this.#toServer.held = silent;
    this.#fromServer.held = silent;
    this.#reconnects.held = silent;
  }

  /** Nothing is received, but what is sent arrives. */
  set deaf(deaf: boolean) {
    this.#fromServer.held = deaf;
  }

  connect(): Promise<void> {
    this.#connected();
    return Promise.resolve();
  }

  disconnect(reconnect = false): void {
    this.#server?.connections.delete(this);
    this.lost();
    if (!reconnect) {
      this.status = 'end';
      this.#reconnects.clear();
    }
  }

  duplicate(): FakeRedisClient {
    const name = `${this.#options.name}'s ${this.duplicates.length + 2}nd connection`;
    const another = new FakeRedisClient({ ...this.#options, name, resends: false });
    this.duplicates.push(another);
    return another;
  }

  ping(): Promise<unknown> {
    return this.#send('ping', []);
  }

  info(): Promise<unknown> {
    return this.#send('info', []);
  }

  mget(keys: readonly string[]): Promise<unknown> {
    return this.#send('mget', keys);
  }

  set(...args: readonly (string | number)[]): Promise<unknown> {
    return this.#send('set', args);
  }

  del(key: string): Promise<unknown> {
    return this.#send('del', [key]);
  }

  eval(...args: readonly (string | number)[]): Promise<unknown> {
    return this.#send('eval', args);
  }

  subscribe(channel: string): Promise<unknown> {
    return this.#send('subscribe', [channel]);
  }

  hear(channel: string, message: string): void {
    this.#deliver(`hears announcement ${(this.#heard += 1)}`, () => this.emit('message', channel, message));
  }

  lost(): void {
    if (this.status !== 'ready') return;
    this.status = 'reconnecting';
    this.#server = undefined;
    this.#toServer.clear();
    this.#fromServer.clear();
    if (this.#options.resends !== true) {
      for (const { reject } of this.#pending) reject(new Error('Connection is closed.'));
      this.#pending = [];
    }
    this.emit('close');
    this.#reconnects.push({
      label: `${this.#options.name} reconnects`,
      touches: [...this.#options.places, this.#options.server().name],
      ready: () => this.#options.server().up,
      run: () => this.#connected(),
    });
  }

  #connected(): void {
    this.status = 'ready';
    this.#server = this.#options.server();
    this.#server.connections.add(this);
    const again = this.#pending;
    this.#pending = [];
    // After `connect` has answered.
    queueMicrotask(() => {
      this.emit('ready');
      for (const pending of again) this.#transmit(pending);
    });
  }

  #send(name: string, args: readonly (string | number)[]): Promise<unknown> {
    if (this.status !== 'ready') return Promise.reject(new Error("Stream isn't writeable"));
    return new Promise((resolve, reject) => {
      this.#transmit({ name, args: args.map(String), resolve, reject });
    });
  }

  #transmit(pending: Pending): void {
    const server = this.#server;
    if (server === undefined) return pending.reject(new Error('Connection is closed.'));
    const label = `${pending.name} ${(this.#sent += 1)}`;
    this.#pending.push(pending);
    this.#toServer.push({
      label: `${this.#options.name} sends ${label}`,
      touches: [server.name],
      run: () => this.#arrive(server, pending, label),
    });
  }

  #arrive(server: FakeRedisServer, pending: Pending, label: string): void {
    const settle = outcome(() => server.execute(this, pending.name, pending.args), pending);
    const answer = (): void => {
      this.#pending = this.#pending.filter((other) => other !== pending);
      settle();
    };
    // Nobody waits for these.
    if (pending.name === 'del' || (pending.name === 'set' && !pending.args.includes('NX'))) answer();
    else this.#deliver(`gets ${label}`, answer);
  }

  #deliver(what: string, run: () => void): void {
    this.#fromServer.push({ label: `${this.#options.name} ${what}`, touches: this.#options.places, run });
  }
}

function outcome(execute: () => unknown, { resolve, reject }: Pending): () => void {
  try {
    const answer = execute();
    return () => resolve(answer);
  } catch (cause) {
    return () => reject(cause as Error);
  }
}
