import type { Redis } from 'ioredis';
import type { BreakerEvent } from '../../../application/ports/instrumentation.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { Signal } from '../../observability/signal.ts';
import type { CacheCounters } from '../cache-counters.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { Deadlines } from './deadlines.ts';
import { keepConnecting } from './keep-connecting.ts';
import { allowedWhenFull } from './redis-scripts.ts';
import { readServerInfo, type ServerInfo } from './server-info.ts';

export interface RedisLinkOptions {
  readonly client: Redis;
  /** A client the host lent is never connected, reconnected or closed. */
  readonly owned: boolean;
  /** Budget of a probe's PING, the same as that of a read: a server that is too slow to read from is not used. */
  readonly commandTimeoutMs: number;
  /** Budget for anything that may take longer than a read. */
  readonly slowTimeoutMs: number;
  readonly breakerFailures: number;
  readonly probeIntervalMs: number;
  readonly maxProbeIntervalMs: number;
  /**
   * Runs on every connection, and after every opening of the breaker, before the cache is believed again. `false`
   * keeps the link down.
   */
  readonly recover: () => Promise<boolean>;
  /** Commands that may wait for their answers at one time; more fail at once. */
  readonly maxInFlight: number;
  /** How often the connection is tried when nothing else shows that it works. */
  readonly pingIntervalMs: number;
  /** Tells whether the server is in use. */
  readonly breaker: Signal<BreakerEvent>;
  /** Told when the link was up and no longer is. */
  readonly onDown: () => void;
  /** Told when an answer shows that the keys are elsewhere by now. */
  readonly onMoved: () => void;
  /** Told whom a probe has found. */
  readonly onServer: (server: RedisServer) => void;
  readonly counters: CacheCounters;
  readonly logger: Logger;
}

/** What is known about the server behind the present connection. */
export interface RedisServer extends ServerInfo {
  /** Whether scripts may say that they are allowed to run when memory is full (Redis 7 and later, Valkey). */
  readonly knowsAllowOom: boolean;
}

/** After this many failed probes in a row a connection of our own is given up: it may be half open. */
const PROBES_PER_CONNECTION = 3;

/**
 * The connection to Redis as the cache sees it: up, or not there. It is up from the moment a probe has found the server
 * answering, has read whom it is talking to, and `recover` has run; it is down from the moment the connection closes or
 * the breaker opens. While it is down, probes go on one at a time, less and less often.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #breaker: CircuitBreaker;
  readonly #inFlight = new Deadlines();
  #server: RedisServer | undefined;
  #probing = false;
  #failedProbes = 0;
  #timer: NodeJS.Timeout | undefined;
  #pings: NodeJS.Timeout | undefined;
  #connection = 0;
  #stopped = false;
  #onFirstAnswer: (() => void) | undefined;
  #letEnd: () => void = () => undefined;
  #recovering = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#breaker = new CircuitBreaker(options.breakerFailures, () => {
      options.counters.breakerOpened += 1;
      options.logger.warn({}, 'the cache stopped using Redis');
      this.#tell('open');
      options.onDown();
      this.#schedule(options.probeIntervalMs);
    });
  }

  /** The server to work with; `undefined` while the link is down. */
  get server(): RedisServer | undefined {
    return this.#breaker.closed ? this.#server : undefined;
  }

  /** Starts connecting; resolves when the link is up or the first attempt came to nothing, `limitMs` at the latest. */
  async start(limitMs: number): Promise<void> {
    const { client, owned } = this.#options;
    client.on('ready', this.#onReady);
    client.on('close', this.#onClose);
    client.on('error', this.#onError);
    const answered = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#onFirstAnswer = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (isConnected(client)) this.#onReady();
    else if (owned) this.#letEnd = keepConnecting(client);
    this.#schedule(this.#options.probeIntervalMs);
    this.#pings = setInterval(() => void this.#ping(), this.#options.pingIntervalMs).unref();
    await answered;
  }

  stop(): void {
    const { client, owned } = this.#options;
    this.#stopped = true;
    clearInterval(this.#pings);
    this.#breaker.open();
    clearTimeout(this.#timer);
    this.#letEnd();
    client.off('ready', this.#onReady);
    client.off('close', this.#onClose);
    // The last error listener stays on a client of our own: an `error` event nobody listens to ends the process.
    if (owned) client.disconnect();
    else client.off('error', this.#onError);
  }

  /** Runs one command within a budget; `undefined` when it failed or took longer. Never rejects. */
  send<T>(budgetMs: number, command: (client: Redis) => Promise<T>): Promise<T | undefined> {
    const { client, maxInFlight, counters } = this.#options;
    if (this.#inFlight.size >= maxInFlight) {
      counters.failures += 1;
      return Promise.resolve(undefined);
    }
    // One promise and no more: every read waits here, and each further one would be another turn.
    return new Promise((resolve) => {
      const fail = (message: string): void => {
        counters.failures += 1;
        this.#judge(message);
        resolve(undefined);
      };
      const awaited = this.#inFlight.start(budgetMs, () => fail('timed out'));
      const rejected = (cause: unknown): void => {
        if (this.#inFlight.met(awaited)) fail(cause instanceof Error ? cause.message : String(cause));
      };
      try {
        command(client).then((value) => {
          if (!this.#inFlight.met(awaited)) return;
          this.#breaker.succeeded();
          resolve(value);
        }, rejected);
      } catch (cause) {
        // A client that throws instead of rejecting fails like any other.
        rejected(cause);
      }
    });
  }

  /** Stops using the server until it has been probed and `recover` has run again, at once if it can be. */
  recheck(): void {
    if (!this.#breaker.closed) return;
    this.#breaker.open();
    this.#schedule(0);
  }

  #judge(message: string): void {
    switch (refusal(message)) {
      // A full memory refuses writes but answers reads: no reason to stop using the server.
      case 'OOM':
        return;
      // It answers, but does not, or no longer, take writes.
      case 'READONLY':
      case 'LOADING':
        return this.recheck();
      // It answers, but it is not, or no longer, the one that holds these keys.
      case 'MOVED':
      case 'ASK':
      case 'CLUSTERDOWN':
      case 'TRYAGAIN':
      case 'MASTERDOWN':
        return this.#options.onMoved();
      default:
        this.#breaker.failed();
    }
  }

  /** A connection that died in silence, or a master that was demoted meanwhile, is noticed without any traffic. */
  async #ping(): Promise<void> {
    const server = this.#server;
    if (!this.#breaker.closed || server === undefined) return;
    const info = await this.#askInfo();
    if (info === undefined || server !== this.#server) return;
    if (!info.isMaster || info.incarnation !== server.incarnation) this.recheck();
  }

  /** Everything at once: what was said at one moment, and servers before Redis 7 take no more than one section. */
  async #askInfo(): Promise<ServerInfo | undefined> {
    const { client, slowTimeoutMs } = this.#options;
    const info = await this.send(slowTimeoutMs, () => client.info());
    return info === undefined ? undefined : readServerInfo(info);
  }

  readonly #onReady = (): void => {
    void this.#probe();
  };

  readonly #onClose = (): void => {
    this.#connection += 1;
    this.#breaker.open();
    this.#server = undefined;
    this.#options.onMoved();
    this.#onFirstAnswer?.();
  };

  readonly #onError = (cause: unknown): void => {
    this.#options.logger.debug({ err: cause }, 'Redis connection error');
    this.#onFirstAnswer?.();
  };

  #tell(state: BreakerEvent['state']): void {
    const { breaker } = this.#options;
    if (breaker.wanted) breaker.send({ state });
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#probe(), afterMs).unref();
  }

  /** Half-open: one attempt at a time, and nothing else is sent until it has succeeded. */
  async #probe(): Promise<void> {
    if (this.#probing || this.#stopped || this.#breaker.closed) return;
    this.#probing = true;
    const connection = this.#connection;
    const ready = await this.#isReady(connection);
    this.#probing = false;
    if (this.#stopped) return;
    if (ready && connection === this.#connection) {
      this.#failedProbes = 0;
      this.#breaker.close();
      this.#options.logger.info({}, 'the cache uses Redis');
      this.#tell('closed');
      this.#onFirstAnswer?.();
      return;
    }
    this.#onFirstAnswer?.();
    this.#failedProbes += 1;
    this.#replaceConnection();
    const { probeIntervalMs, maxProbeIntervalMs } = this.#options;
    this.#schedule(Math.min(probeIntervalMs * 2 ** (this.#failedProbes - 1), maxProbeIntervalMs));
  }

  async #isReady(connection: number): Promise<boolean> {
    const { client, commandTimeoutMs, slowTimeoutMs, recover } = this.#options;
    if (!isConnected(client)) return false;
    if ((await this.send(commandTimeoutMs, () => client.ping())) === undefined) return false;
    const info = await this.#askInfo();
    if (!info?.isMaster) return false;
    // Asked by trying: version numbers mean different things in the servers that speak this protocol.
    const tried = await this.send(slowTimeoutMs, () =>
      client.eval(allowedWhenFull('return 1'), 0).then(isOne, isNot),
    );
    if (tried === undefined || connection !== this.#connection) return false;
    const server = { ...info, knowsAllowOom: tried };
    this.#server = server;
    this.#options.onServer(server);
    this.#recovering = true;
    const recovered = await recover();
    this.#recovering = false;
    return recovered;
  }

  /** The server to raise versions on: also while what was missed is made up for, before anything is believed. */
  get writableServer(): RedisServer | undefined {
    return this.#recovering ? this.#server : this.server;
  }

  #replaceConnection(): void {
    const { client, owned } = this.#options;
    if (owned && this.#failedProbes % PROBES_PER_CONNECTION === 0) client.disconnect(true);
  }
}

/** A fake client, as hosts use in their tests, has no status and is always connected. */
const isConnected = ({ status }: { readonly status?: string }): boolean =>
  status === undefined || status === 'ready';

/**
 * The word an error begins with. In an error of a script it stands at the end, after a hyphen, when the server is older
 * than Redis 7: `ERR Error running script (call to f_1): @user_script:4: -OOM command not allowed …`.
 */
const refusal = (message: string): string | undefined => /(?:^| -)(?!ERR )([A-Z]+) /.exec(message)?.[1];

const isOne = (answer: unknown): boolean => answer === 1;
const isNot = (): boolean => false;
