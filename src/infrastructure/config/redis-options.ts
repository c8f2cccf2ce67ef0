import { ok, type Result } from 'neverthrow';
import { z } from 'zod';
import { fail } from '../../domain/shared/fail.ts';
import { lentTarget, unfitness } from '../cache/redis/lent-client.ts';
import { isRedisUrl, loginFor, readNode, type NamedNode } from '../cache/redis/node-url.ts';
import type { ClusterTarget, Encryption, RedisTarget } from '../cache/redis/redis-target.ts';
import { capable, isFunction, isObject, milliseconds } from './checks.ts';
import type { ConfigError } from './errors.ts';
import type { RedisNatMap } from './options.ts';

/** One connection carries any number of commands; beyond a few, more of them only cost the server. */
export const MAX_CONNECTIONS = 8;

export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26_379;

const text = z.string().min(1);
const port = z.number().int().min(1).max(65_535);

const pem = z.custom<string | Buffer>(
  (value) => typeof value === 'string' || Buffer.isBuffer(value),
  'must be PEM, as text or in a Buffer',
);

const tls = z
  .union([
    z.boolean(),
    z.strictObject({
      ca: z.union([pem, z.array(pem)]).optional(),
      cert: pem.optional(),
      key: pem.optional(),
      passphrase: z.string().optional(),
      servername: text.optional(),
      rejectUnauthorized: z.boolean().optional(),
    }),
  ])
  .transform((given): Encryption | undefined => (given === true ? {} : given || undefined))
  .optional();

const hostWith = (defaultPort: number) =>
  z.strictObject({
    host: z.string().regex(/^[^\s/@]+$/, 'must be a name or an address, without a port'),
    port: port.default(defaultPort),
  });

const node = z.union([
  hostWith(REDIS_PORT),
  z.string().transform((given, context): NamedNode => {
    const read = readNode(given, REDIS_PORT);
    if (read === undefined) context.addIssue('must be { host, port } or redis://host:port');
    return read ?? z.NEVER;
  }),
]);

const isAddress = (value: unknown): boolean =>
  isObject(value) && text.safeParse(value['host']).success && port.safeParse(value['port']).success;

const natMap = z
  .custom<RedisNatMap>(
    (value) => isFunction(value) || (isObject(value) && Object.values(value).every(isAddress)),
    'must be a function, or name { host, port } for each host:port',
  )
  .optional();

const ofAllServers = { username: text.optional(), password: text.optional(), tls, natMap };

const cluster = z.strictObject({ ...ofAllServers, nodes: z.array(node).min(1) });

/** What the options of the cache say about Redis and the connections to it. */
const redis = z.object({
  url: z
    .string()
    .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')
    .refine(isRedisUrl, 'must be a URL; what is no letter or digit in a password is percent-encoded')
    .optional(),
  tls,
  cluster: cluster.optional(),
  sentinel: z
    .strictObject({
      ...ofAllServers,
      sentinels: z.array(hostWith(SENTINEL_PORT)).min(1),
      name: text,
      sentinelUsername: text.optional(),
      sentinelPassword: text.optional(),
      db: z.number().int().min(0).default(0),
    })
    .optional(),
  client: capable('mget', 'eval', 'set', 'ping', 'info', 'on', 'off').optional(),
  connections: z.number().int().min(1).max(MAX_CONNECTIONS).default(1),
  maxInFlight: z.number().int().min(1).optional(),
  keepAliveMs: milliseconds.default(30_000),
  pingIntervalMs: milliseconds.default(30_000),
  connectTimeoutMs: milliseconds.default(2000),
});

export const redisOptions = redis.shape;

type RedisOptions = z.output<typeof redis>;

const places = ['url', 'cluster', 'sentinel', 'client'] as const;

/** Options that only say where Redis is. */
export type RedisPlace = (typeof places)[number] | 'tls';

/** Where Redis is; `undefined` when no option says so. */
export function redisTarget(options: RedisOptions): Result<RedisTarget | undefined, ConfigError> {
  const { url, cluster: nodes, sentinel, client, connections } = options;
  const [, second] = places.filter((place) => options[place] !== undefined);
  if (second !== undefined) return refused(second, `give one of ${places.join(', ')}`);
  if (options.tls !== undefined && url === undefined)
    return refused('tls', 'encrypts the connections to url only');

  if (url !== undefined) return ok({ kind: 'server', url, tls: options.tls });
  if (nodes !== undefined) return ok(clusterTarget(nodes));
  if (sentinel !== undefined) return ok({ kind: 'sentinel', ...sentinel });
  if (client === undefined) return ok(undefined);

  const objection = unfitness(client);
  if (objection !== undefined) return refused('client', objection);
  const target = lentTarget(client);
  return target.kind === 'client' && connections > 1
    ? refused('connections', 'a client of a single server is the one connection there is')
    : ok(target);
}

const clusterTarget = ({ nodes, natMap: map, ...forAll }: z.output<typeof cluster>): ClusterTarget => ({
  kind: 'cluster',
  seeds: () => nodes,
  natMap: map,
  ...loginFor(forAll, nodes),
});

const refused = (option: string, message: string): Result<never, ConfigError> =>
  fail({ type: 'Config', key: `cache.${option}`, message });
