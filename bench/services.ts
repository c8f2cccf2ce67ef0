import { availableParallelism } from 'node:os';
import { Redis } from 'ioredis';
import { Pool } from './drivers/pool.ts';

export interface Service {
  readonly url: string;
  readonly version: string;
}

export interface Services {
  readonly postgres: Service;
  readonly redis: Service;
}

/** Looks where the environment points to, or where development machines have their servers; both must answer. */
export async function findServices(env: NodeJS.ProcessEnv): Promise<Services> {
  const postgresUrl = env['DATABASE_URL'] || 'postgresql://postgres@127.0.0.1:5432/test';
  const redisUrl = env['REDIS_URL'] || 'redis://127.0.0.1:6379';
  const [postgres, redis] = await Promise.all([askPostgres(postgresUrl), askRedis(redisUrl)]);
  if ('version' in postgres && 'version' in redis)
    return { postgres: { url: postgresUrl, ...postgres }, redis: { url: redisUrl, ...redis } };
  const missing = [
    ...('trouble' in postgres ? [`PostgreSQL, DATABASE_URL (${postgres.trouble})`] : []),
    ...('trouble' in redis ? [`Redis, REDIS_URL (${redis.trouble})`] : []),
  ];
  throw new Error(`needs servers that answer: ${missing.join(', ')}`);
}

/** What the figures of a run are of. */
export const describeRun = ({ postgres, redis }: Services): string =>
  `Node ${process.versions.node}, ${availableParallelism()} CPUs, PostgreSQL ${postgres.version}, Redis ${redis.version}`;

async function askPostgres(url: string): Promise<{ version: string } | { trouble: string }> {
  const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 3_000 });
  try {
    const { rows } = await pool.query<{ server_version: string }>('show server_version');
    return { version: rows[0]?.server_version.split(' ')[0] ?? '' };
  } catch (cause) {
    return { trouble: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    await pool.end();
  }
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
