import { Redis, type RedisOptions } from 'ioredis';
import { bearingLateErrors } from './late-errors.ts';
import { QuietSentinelConnector } from './quiet-sentinel-connector.ts';
import type { ConnectionSettings, Login, NodeAddress, SentinelTarget, ServerTarget } from './redis-target.ts';

/** Between rounds through the Sentinels when none of them answered. */
const SENTINEL_PAUSE_MS = 250;

/** How long a Sentinel may be away before its announcements of failovers are asked for again. */
const SENTINEL_RECONNECT_MS = 5000;

/**
 * How the SDK's own clients behave: a command is sent now or fails now. What a client would otherwise keep for later
 * (an offline queue, resending after a reconnect, retries) would make callers wait for a server that is away, and would
 * deliver writes long after their senders gave up.
 */
export const clientPolicy = ({ keepAliveMs, connectTimeoutMs }: ConnectionSettings) =>
  ({
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectTimeoutMs,
    keepAlive: keepAliveMs,
    /** How long a connection that is given up may take to end; nothing that matters is on it any more. */
    disconnectTimeout: 200,
    /** The link probes a new connection itself, before anything else uses it. */
    enableReadyCheck: false,
    /**
     * Nothing may be sent between `connect` and `ready`: ioredis 5 calls a connection ready when these commands have
     * ended, also when they ended because it closed (a proxy whose server is away closes at once), and then the client
     * never reconnects (https://github.com/redis/ioredis/issues/2099). A name would be such a command too.
     */
    disableClientInfo: true,
    connectionName: undefined,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1000) + Math.random() * 100,
  }) as const satisfies RedisOptions;

/** What a URL may say in its parameters: ioredis takes any option from there, and lets it win over the policy. */
const URL_PARAMETERS = new Set(['db', 'family']);

/** A connection to one server. Nothing is connected before `connect` is called, here and below. */
export function connectServer({ url, tls }: ServerTarget, settings: ConnectionSettings): Redis {
  const address = new URL(url);
  const others = [...address.searchParams.keys()].filter((name) => !URL_PARAMETERS.has(name));
  for (const name of others) address.searchParams.delete(name);
  return bearingLateErrors(new Redis(address.href, { ...clientPolicy(settings), tls }));
}

/** A connection to one master of a Cluster. */
export const connectNode = (
  { host, port }: NodeAddress,
  { username, password, tls }: Login,
  settings: ConnectionSettings,
): Redis => bearingLateErrors(new Redis({ ...clientPolicy(settings), host, port, username, password, tls }));

/** A connection to the master that the Sentinels name whenever it is made; a failover they announce ends it. */
export const connectMaster = (target: SentinelTarget, settings: ConnectionSettings): Redis => {
  const { sentinels, name, username, password, sentinelUsername, sentinelPassword, db, tls, natMap } = target;
  const client = new Redis({
    ...clientPolicy(settings),
    sentinels: [...sentinels],
    name,
    username,
    password,
    sentinelUsername,
    sentinelPassword,
    db,
    tls,
    sentinelTLS: tls,
    enableTLSForSentinelMode: tls !== undefined,
    natMap,
    sentinelCommandTimeout: settings.connectTimeoutMs,
    sentinelRetryStrategy: () => SENTINEL_PAUSE_MS,
    sentinelReconnectStrategy: () => SENTINEL_RECONNECT_MS,
    failoverDetector: true,
    Connector: QuietSentinelConnector,
  });
  return bearingLateErrors(client);
};

/** Another connection to where this client goes, under the SDK's own policy whoever made the first one. */
export const anotherConnection = (client: Redis, settings: ConnectionSettings): Redis =>
  bearingLateErrors(client.duplicate(clientPolicy(settings)));

/** The same for listening: what it listens to is said anew on every connection, after it has told whose it is. */
export const listeningConnection = (client: Redis, settings: ConnectionSettings): Redis =>
  bearingLateErrors(client.duplicate({ ...clientPolicy(settings), autoResubscribe: false }));
