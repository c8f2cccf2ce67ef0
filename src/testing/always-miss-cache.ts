import { pourScript } from '../infrastructure/cache/redis/redis-scripts.ts';
import type { CacheOptions } from '../infrastructure/config/options.ts';

type Client = NonNullable<CacheOptions['client']>;

/**
 * Cache options with a Redis that forgets everything at once: every read is a miss and goes to the database, while the
 * whole machinery of the cache runs. For tests that must not depend on what is cached.
 */
export const alwaysMissCache = (): CacheOptions => ({ client: new ForgetfulRedis() as unknown as Client });

/** The few commands the cache sends to its server. */
class ForgetfulRedis {
  readonly status = 'ready';
  #version = 0;

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }

  ping(): Promise<string> {
    return Promise.resolve('PONG');
  }

  info(): Promise<string> {
    return Promise.resolve('run_id:forgetful\r\n');
  }

  mget(keys: readonly string[]): Promise<null[]> {
    return Promise.resolve(keys.map(() => null));
  }

  set(): Promise<string> {
    return Promise.resolve('OK');
  }

  /** The scripts of the cache answer one version for each key, always a new one. */
  eval(script: string, keys: number, ...args: readonly unknown[]): Promise<number | string> {
    if (keys === 0) return Promise.resolve(1);
    if (script === pourScript) return Promise.resolve(`1 ${String(args.at(-1))} ${Date.now()}`);
    return Promise.resolve(Array.from({ length: keys }, () => (this.#version += 1)).join(' '));
  }
}
