import { runLua, type Reply } from './lua.ts';
import { time } from './virtual-time.ts';

interface Stored {
  readonly text: string;
  readonly expiresAt: number;
}

export type Contents = ReadonlyMap<string, Stored>;

/** Whoever listens to a server. */
export interface Subscriber {
  hear(channel: string, message: string): void;
  /** The server is gone, or is another one now. */
  lost(): void;
}

const EPOCH_MICROSECONDS = 1_700_000_000_000_000;

/** What the engine asks of a Redis server, scripts included. Every look at its clock takes a microsecond. */
export class FakeRedisServer {
  readonly name: string;
  readonly connections = new Set<Subscriber>();
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  #contents = new Map<string, Stored>();
  #microseconds = 0;
  #incarnation = 1;
  up = true;
  /** Memory is full: scripts that write are refused, reads are answered. */
  full = false;

  constructor(name: string, contents: Contents = new Map()) {
    this.name = name;
    this.#contents = new Map(contents);
  }

  get contents(): Contents {
    return new Map(this.#contents);
  }

  /** Dies and comes back with other contents; only its incarnation tells. */
  restart(contents: Contents): void {
    this.#contents = new Map(contents);
    this.#incarnation += 1;
    this.#subscribers.clear();
    this.cut();
  }

  /** Ends every connection. */
  cut(): void {
    for (const connection of this.connections) connection.lost();
    this.connections.clear();
  }

  evict(part: string): void {
    for (const key of this.#contents.keys()) if (key.includes(part)) this.#contents.delete(key);
  }

  /** The clock is set back by so many microseconds. */
  stepBack(microseconds: number): void {
    this.#microseconds -= microseconds;
  }

  /** The value of the only key with this part in its name. */
  text(part: string): string | undefined {
    const found = [...this.#contents].find(([key]) => key.includes(part));
    return found?.[1].text;
  }

  execute(from: Subscriber, name: string, args: readonly string[]): unknown {
    const [first = '', second = ''] = args;
    switch (name) {
      case 'ping':
        return 'PONG';
      case 'info':
        return `run_id:${this.name}${this.#incarnation}\r\nrole:master\r\n`;
      case 'mget':
        return args.map((key) => this.#get(key) ?? null);
      case 'set':
        return args.includes('NX') && this.#get(first) !== undefined
          ? null
          : this.#set(first, second, Number(args[3]));
      case 'del':
        return this.#contents.delete(first) ? 1 : 0;
      case 'subscribe':
        this.#subscribers.set(first, (this.#subscribers.get(first) ?? new Set()).add(from));
        return 1;
      case 'eval':
        return this.#eval(first, args.slice(2, 2 + Number(second)), args.slice(2 + Number(second)));
      default:
        throw new Error(`ERR unknown command '${name}'`);
    }
  }

  #eval(source: string, keys: readonly string[], args: readonly string[]): string | number {
    if (this.full && keys.length > 0)
      throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
    return runLua(source, keys, args, (command) => this.#call(command));
  }

  #call([name = '', first = '', second = '', ...rest]: readonly string[]): Reply {
    switch (name) {
      case 'TIME':
        return this.#time();
      case 'GET':
        return this.#get(first) ?? false;
      case 'SET':
        return this.#set(first, second, Number(rest[1]));
      case 'PUBLISH':
        return this.#publish(first, second);
      default:
        throw new Error(`ERR unknown command '${name}' called from script`);
    }
  }

  #time(): readonly string[] {
    this.#microseconds += 1;
    const now = EPOCH_MICROSECONDS + time.now * 1000 + this.#microseconds;
    return [String(Math.floor(now / 1e6)), String(now % 1e6)];
  }

  #get(key: string): string | undefined {
    const stored = this.#contents.get(key);
    return stored === undefined || stored.expiresAt <= time.now ? undefined : stored.text;
  }

  #set(key: string, text: string, ttlMs: number): 'OK' {
    this.#contents.set(key, { text, expiresAt: time.now + ttlMs });
    return 'OK';
  }

  #publish(channel: string, message: string): number {
    const subscribers = [...(this.#subscribers.get(channel) ?? [])].filter((one) =>
      this.connections.has(one),
    );
    for (const subscriber of subscribers) subscriber.hear(channel, message);
    return subscribers.length;
  }
}
