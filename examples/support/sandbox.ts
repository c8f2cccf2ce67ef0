import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { SlotwiseOptions } from '../../src/index.ts';

/** Options for a run that leaves nothing behind. */
export interface Sandbox {
  readonly options: SlotwiseOptions;
  /** Schema and Redis prefix of this run; nobody else has them. */
  readonly name: string;
  /** Drops the schema and deletes the keys, once the SDK is closed. Answers what could not be cleaned up. */
  cleanUp(): Promise<readonly string[]>;
}

/** Gives the options a schema and a prefix of their own. The embedded database needs no cleaning up. */
export function sandbox(label: string, given: SlotwiseOptions): Sandbox {
  const name = `slotwise_${label}_${randomBytes(4).toString('hex')}`;
  const { database = { embedded: true }, cache = {} } = given;
  const databaseUrl = 'url' in database ? database.url : undefined;
  const redisUrl = cache === false ? undefined : cache.url;
  return {
    name,
    options: {
      ...given,
      database: { ...database, schema: name },
      cache: cache === false ? false : { ...cache, prefix: name },
    },
    async cleanUp() {
      const troubles = await Promise.all([
        databaseUrl === undefined
          ? undefined
          : attempt(`schema ${name}`, () => dropSchema(databaseUrl, name)),
        redisUrl === undefined ? undefined : attempt(`keys ${name}:*`, () => deleteKeys(redisUrl, name)),
      ]);
      return troubles.filter((trouble) => trouble !== undefined);
    },
  };
}

async function attempt(what: string, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (cause) {
    return `${what} is still there: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** The extension that the migration needs lives in `public` and stays: others may use it. */
async function dropSchema(url: string, schema: string): Promise<void> {
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    debug: false,
  });
  try {
    await orm.em.getConnection().execute(`drop schema if exists "${schema}" cascade`);
  } finally {
    await orm.close(true);
  }
}

async function deleteKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // `connect` rejects with the same error; without a listener ioredis would print it as well.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1_000);
      if (keys.length > 0) await redis.unlink(keys);
      cursor = next;
    } while (cursor !== '0');
  } finally {
    redis.disconnect();
  }
}
