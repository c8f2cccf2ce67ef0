import { describe, inject } from 'vitest';
import { postgresIsInstalled } from './postgres-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection URL of the PostgreSQL server that answered, or an empty string. */
    postgresUrl: string;
    /** Connection URL of the Redis server that answered, or an empty string. */
    redisUrl: string;
    /** Path of the `redis-server` binary with which fault suites start servers of their own, or an empty string. */
    redisServerPath: string;
    /** Path of the `openssl` binary with which suites make certificates, or an empty string. */
    opensslPath: string;
  }
}

/** URL of the PostgreSQL server; empty when none was found, and then the suites around it are skipped. */
export const postgresUrl = (): string => inject('postgresUrl');

/** URL of the Redis server; empty when none was found. */
export const redisUrl = (): string => inject('redisUrl');

/** Path of the `redis-server` binary, for suites that freeze and kill a server of their own; empty when absent. */
export const redisServer = (): string => inject('redisServerPath');

/** Path of the `openssl` binary; empty when absent. */
export const openssl = (): string => inject('opensslPath');

type Suite = () => void;

const found = {
  PostgreSQL: () => postgresUrl() !== '',
  Redis: () => redisUrl() !== '',
  'the programs of PostgreSQL': postgresIsInstalled,
  'redis-server on PATH': () => redisServer() !== '',
  'openssl on PATH': () => openssl() !== '',
} as const;

function describeWith(needs: readonly (keyof typeof found)[], name: string, suite: Suite): void {
  const missing = needs.filter((service) => !found[service]());
  if (missing.length === 0) describe(name, suite);
  else describe.skip(`${name} (skipped: needs ${missing.join(' and ')})`, suite);
}

/** A suite that runs where PostgreSQL answers and is reported as skipped, with the reason, where it does not. */
export const describeWithPostgres = (name: string, suite: Suite): void =>
  describeWith(['PostgreSQL'], name, suite);

/** The same for a suite that needs Redis. */
export const describeWithRedis = (name: string, suite: Suite): void => describeWith(['Redis'], name, suite);

/** The same for a suite that needs both servers. */
export const describeWithServers = (name: string, suite: Suite): void =>
  describeWith(['PostgreSQL', 'Redis'], name, suite);

/** The same for a suite that starts PostgreSQL servers of its own, beside Redis. */
export const describeWithPostgresServer = (name: string, suite: Suite): void =>
  describeWith(['the programs of PostgreSQL', 'Redis'], name, suite);

/** The same for a suite that starts `redis-server` processes of its own. */
export const describeWithRedisServer = (name: string, suite: Suite): void =>
  describeWith(['redis-server on PATH'], name, suite);

/** The same for a suite that starts `redis-server` processes which encrypt their connections. */
export const describeWithRedisTls = (name: string, suite: Suite): void =>
  describeWith(['redis-server on PATH', 'openssl on PATH'], name, suite);
