import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `requests` flow from the client to the server, `answers` back. */
export type Direction = 'requests' | 'answers';

/** Bytes of one direction of one connection: kept in order, delivered when they are due and nothing holds them. */
class Lane {
  readonly #to: Socket;
  readonly #waiting: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  held = false;
  delayMs = 0;

  constructor(to: Socket) {
    this.#to = to;
  }

  push(chunk: Buffer): void {
    this.#waiting.push({ chunk, dueAt: performance.now() + this.delayMs });
    this.flush();
  }

  flush(): void {
    clearTimeout(this.#timer);
    while (!this.held) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.flush(), waitMs);
        return;
      }
      this.#waiting.shift();
      this.#to.write(next.chunk);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly lanes: Readonly<Record<Direction, Lane>>;
  listens: boolean;
  forgotten: boolean;
}

/** Which connections a fault is about: all, or only those that have asked to be told of changes. */
export type Which = 'all' | 'listening';

/** What a client is about to send, and the client's end of its connection. */
type Watch = (chunk: Buffer, client: Socket) => void;

const BOTH: readonly Direction[] = ['requests', 'answers'];

/** The command that makes a connection a listening one, in the protocols of Redis and PostgreSQL. */
const LISTENS = /\r\nsubscribe\r\n|listen "/;

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
};

/** A network between a client and a server on this machine, with the faults of one. */
export class TcpProxy implements AsyncDisposable {
  readonly #targetPort: number;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  readonly #held = new Set<Direction>();
  #delayMs = 0;
  #which: Which = 'all';
  #watch: Watch | undefined;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#listener = createServer((client) => this.#accept(client));
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#listener.once('error', reject);
      proxy.#listener.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** In front of the server on this machine that a URL of PostgreSQL or Redis names. */
  static startBefore(url: string): Promise<TcpProxy> {
    const { port, protocol } = new URL(url);
    return TcpProxy.start(Number(port || DEFAULT_PORTS[protocol]));
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** The URL of the same server by way of this proxy. */
  through(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.href;
  }

  /** Connections are accepted and stay open, but nothing comes through until `heal`; what was sent is not lost. */
  swallow(directions: readonly Direction[] = BOTH, which: Which = 'all'): void {
    for (const direction of directions) this.#held.add(direction);
    this.#which = which;
    this.#apply();
  }

  /** Connections that are there carry nothing more and neither end is told, as a firewall does to idle ones; new ones work. */
  forget(): void {
    for (const connection of this.#connections) connection.forgotten = true;
    this.#apply();
  }

  /** Everything takes this much longer, in each direction. */
  delay(milliseconds: number, which: Which = 'all'): void {
    this.#delayMs = milliseconds;
    this.#which = which;
    this.#apply();
  }

  /** Ends connections at once; what was on its way is lost. */
  cut(which: Which = 'all'): void {
    for (const { client, server } of this.#concerned(which)) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** By which local ports the server knows the connections that listen. */
  get listeningPorts(): readonly number[] {
    return this.#concerned('listening').flatMap(({ server: { localPort } }) => localPort ?? []);
  }

  /** Ends the clients' connections at once, after the server has got everything that was sent to it. */
  cutClients(): void {
    for (const { client } of this.#connections) client.resetAndDestroy();
  }

  heal(): void {
    this.#held.clear();
    this.#delayMs = 0;
    this.#which = 'all';
    this.#apply();
  }

  /** Sees every request before it is forwarded. */
  onRequest(watch: Watch | undefined): void {
    this.#watch = watch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#listener.close(() => resolve());
    });
    this.cut();
    await closed;
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: '127.0.0.1' });
    const lanes = { requests: new Lane(server), answers: new Lane(client) };
    const connection: Connection = { client, server, lanes, listens: false, forgotten: false };
    this.#connections.add(connection);
    this.#applyTo(connection);
    const end = (): void => {
      for (const lane of Object.values(connection.lanes)) lane.end();
      client.destroy();
      // Gracefully: what was forwarded to the server still reaches it.
      server.end();
      this.#connections.delete(connection);
    };
    client.on('data', (chunk: Buffer) => {
      this.#watch?.(chunk, client);
      if (!connection.listens && LISTENS.test(chunk.toString('latin1'))) {
        connection.listens = true;
        this.#applyTo(connection);
      }
      connection.lanes.requests.push(chunk);
    });
    server.on('data', (chunk: Buffer) => connection.lanes.answers.push(chunk));
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', end);
    }
  }

  #apply(): void {
    for (const connection of this.#connections) this.#applyTo(connection);
  }

  #concerned(which: Which): readonly Connection[] {
    return [...this.#connections].filter(({ listens }) => which === 'all' || listens);
  }

  #applyTo({ lanes, listens, forgotten }: Connection): void {
    const concerned = this.#which === 'all' || listens;
    for (const direction of BOTH) {
      const lane = lanes[direction];
      lane.held = forgotten || (concerned && this.#held.has(direction));
      lane.delayMs = concerned ? this.#delayMs : 0;
      lane.flush();
    }
  }
}
