import type { ConnectionOptions } from 'node:tls';
import type { RedisNatMap } from '../../config/options.ts';

export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** How connections are encrypted; an empty object trusts the well-known authorities. */
export type Encryption = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** What a server wants to know before it answers. */
export interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: Encryption | undefined;
}

/** Where a server is reached that announces this address. */
export type NatMap = (announced: NodeAddress) => NodeAddress;

/** Both forms that hosts give, and ioredis takes; an address they do not know is taken as it is. */
export const natMapOf =
  (given: RedisNatMap | undefined): NatMap =>
  (announced) => {
    const name = addressName(announced);
    return (typeof given === 'function' ? given(name) : given?.[name]) ?? announced;
  };

/** `host:port`, as servers, Sentinels and NAT maps name an address; the host may hold colons. */
export const addressName = ({ host, port }: NodeAddress): string => `${host}:${port}`;

export interface ServerTarget {
  readonly kind: 'server';
  readonly url: string;
  readonly tls?: Encryption | undefined;
}

export interface SentinelTarget extends Login {
  readonly kind: 'sentinel';
  readonly sentinels: readonly NodeAddress[];
  readonly name: string;
  readonly sentinelUsername?: string | undefined;
  readonly sentinelPassword?: string | undefined;
  readonly db: number;
  readonly natMap?: RedisNatMap | undefined;
}

export interface ClusterTarget extends Login {
  readonly kind: 'cluster';
  /** Servers to ask for the others; asked for again whenever nobody else answers. */
  readonly seeds: () => readonly NodeAddress[];
  readonly natMap?: RedisNatMap | undefined;
}

/** The host's own client of a single server; `object` because two releases of ioredis, with types of their own, fit. */
export interface ClientTarget {
  readonly kind: 'client';
  readonly client: object;
}

/** Where the Redis is that the options name. */
export type RedisTarget = ServerTarget | SentinelTarget | ClusterTarget | ClientTarget;

/** How the SDK's own connections are made. */
export interface ConnectionSettings {
  readonly keepAliveMs: number;
  readonly connectTimeoutMs: number;
}
