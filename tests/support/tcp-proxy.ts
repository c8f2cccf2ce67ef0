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
}

const BOTH: readonly Direction[] = ['requests', 'answers'];

/** A network between a client and a server on this machine, with the faults of one. */
export class TcpProxy implements AsyncDisposable {
  readonly #targetPort: number;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  readonly #held = new Set<Direction>();
  #delayMs = 0;
  #watch: ((chunk: Buffer) => void) | undefined;

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

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Connections are accepted and stay open, but nothing comes through until `heal`; what was sent is not lost. */
  swallow(directions: readonly Direction[] = BOTH): void {
    for (const direction of directions) this.#held.add(direction);
    this.#apply();
  }

  /** Everything takes this much longer, in each direction. */
  delay(milliseconds: number): void {
    this.#delayMs = milliseconds;
    this.#apply();
  }

  /** Ends all connections at once; what was on its way is lost. */
  cut(): void {
    for (const { client, server } of this.#connections) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** Ends the clients' connections at once, after the server has got everything that was sent to it. */
  cutClients(): void {
    for (const { client } of this.#connections) client.resetAndDestroy();
  }

  heal(): void {
    this.#held.clear();
    this.#delayMs = 0;
    this.#apply();
  }

  /** Sees every request before it is forwarded. */
  onRequest(watch: ((chunk: Buffer) => void) | undefined): void {
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
    const connection = { client, server, lanes: { requests: new Lane(server), answers: new Lane(client) } };
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
      this.#watch?.(chunk);
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

  #applyTo({ lanes }: Connection): void {
    for (const direction of BOTH) {
      const lane = lanes[direction];
      lane.held = this.#held.has(direction);
      lane.delayMs = this.#delayMs;
      lane.flush();
    }
  }
}
