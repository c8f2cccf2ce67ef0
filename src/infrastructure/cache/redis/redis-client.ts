import { Redis, type RedisOptions } from 'ioredis';

/**
 * How the SDK's own clients behave: a command is sent now or fails now. What a client would otherwise keep for later
 * (an offline queue, resending after a reconnect, retries) would make callers wait for a server that is away, and would
 * deliver writes long after their senders gave up.
 */
export const clientPolicy = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  keepAlive: 30_000,
  /** How long a connection that is given up may take to end; nothing that matters is on it any more. */
  disconnectTimeout: 200,
  /** The link probes a new connection itself, before anything else uses it. */
  enableReadyCheck: false,
  /**
   * Nothing may be sent between `connect` and `ready`: ioredis 5 calls a connection ready when these commands have
   * ended, also when they ended because it closed (a proxy whose server is away closes at once), and then the client
   * never reconnects (https://github.com/redis/ioredis/issues/2099). A `connectionName` would be such a command too.
   */
  disableClientInfo: true,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1000) + Math.random() * 100,
} as const satisfies RedisOptions;

export const connectRedis = (url: string): Redis => new Redis(url, clientPolicy);
