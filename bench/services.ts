import { Redis } from 'ioredis';
import { askPostgres } from './contenders/pg.ts';

export interface Service {
  readonly url: string;
  readonly version: string;
}

/** The servers that answer, and a line for each that does not. */
export interface Services {
  readonly postgres: Service | undefined;
  readonly redis: Service | undefined;
  readonly leftOut: readonly string[];
}

/** Looks where the environment points to, or where development machines have their servers. */
export async function findServices(env: NodeJS.ProcessEnv): Promise<Services> {
  const postgresUrl = env['DATABASE_URL'] || 'postgresql://postgres@127.0.0.1:5432/test';
  const redisUrl = env['REDIS_URL'] || 'redis://127.0.0.1:6379';
  const [postgres, redis] = await Promise.all([askPostgres(postgresUrl), askRedis(redisUrl)]);
  return {
    postgres: 'version' in postgres ? { url: postgresUrl, ...postgres } : undefined,
    redis: 'version' in redis ? { url: redisUrl, ...redis } : undefined,
    leftOut: [
      ...('trouble' in postgres ? [`left out: what needs a PostgreSQL server (${postgres.trouble})`] : []),
      ...('trouble' in redis ? [`left out: what needs Redis (${redis.trouble})`] : []),
    ],
  };
}

async function askRedis(url: string): Promise<{ version: string } | { trouble: string }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // `connect` only says that the connection was closed; the reason comes as an event.
  let reason = '';
  redis.on('error', ({ message }: Error) => {
    reason = message;
  });
  try {
    await redis.connect();
    const info = await redis.info('server');
    return { version: /^redis_version:(\S+)/m.exec(info)?.[1] ?? '' };
  } catch (cause) {
    return { trouble: reason || String(cause) };
  } finally {
    redis.disconnect();
  }
}
