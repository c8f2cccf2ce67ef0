import { randomBytes } from 'node:crypto';
import { okAsync } from 'neverthrow';
import { expect, it } from 'vitest';
import { createSlotwise, type CacheOptions } from '../../../src/index.ts';
import { Pair } from '../../support/pair.ts';
import { RedisCluster } from '../../support/redis-cluster.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { ScratchDatabase } from '../../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../../support/services.ts';
import { until } from '../../support/until.ts';

/** What the cache may send; scripts included, in which only the second half of them is called. */
const commands = ['ping', 'info', 'subscribe', 'eval', 'mget', 'del', 'get', 'set', 'time', 'publish'];
const ofACluster = [...commands, 'cluster|slots'];

/** Of the test itself, of connections before they have logged in, and of servers among themselves. */
const others = [
  'acl|setuser',
  'auth',
  'client|setinfo',
  'command|docs',
  'config|resetstat',
  'psync',
  'replconf',
  'role',
];

/** The oldest release that is supported. */
const OLDEST = '6.2.0';

const LIMIT_MS = 5000;
const PASSWORD = 'for-tests';

const login = { username: 'slotwise', password: PASSWORD };

/** A user who may do what is named and nothing else, with keys and channels of this prefix alone. */
const allow = (server: RedisProcess, prefix: string, allowed: readonly string[]): Promise<unknown> =>
  server.ask(async (client) => {
    const rights = `on >${PASSWORD} resetkeys ~${prefix}:* resetchannels &${prefix}:bumps -@all`;
    await client.call(
      'ACL',
      'SETUSER',
      login.username,
      ...rights.split(' '),
      ...allowed.map((name) => `+${name}`),
    );
    await client.config('RESETSTAT');
  });

async function statistics(
  server: RedisProcess,
): Promise<{ readonly used: string[]; readonly errors: string }> {
  const [used, errors] = await server.ask((client) =>
    Promise.all([client.info('commandstats'), client.info('errorstats')]),
  );
  const names = [...used.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => name ?? '');
  return { used: names.filter((name) => !others.includes(name)).toSorted(), errors };
}

/** Everything the cache does: memory, locks, marks, batches, creation and raising of versions, entries of the host, rate limits. */
async function useAll(cache: CacheOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const pair = await Pair.open(stack, cache);
  await pair.hits('l1Hits');
  await pair.tells('First');
  for (const sdk of [pair.writer, pair.reader]) {
    (await sdk.read.recruiters.getActive())._unsafeUnwrap();
    (await sdk.read.recruiters.getMany([1, 2, 3]))._unsafeUnwrap();
    (await sdk.cache.set('pages:1', 'text'))._unsafeUnwrap();
    expect((await sdk.cache.get('pages:1'))._unsafeUnwrap()).toBe('text');
    (await sdk.cache.getOrLoad('pages:2', () => okAsync('text'), { loadLock: true }))._unsafeUnwrap();
    (await sdk.cache.deleteMany(['pages:1', 'pages:2']))._unsafeUnwrap();
    (await sdk.cache.invalidate({ family: 'pages' }))._unsafeUnwrap();
    const limiter = sdk.rateLimiter({ name: 'pages', limit: 5, perMs: 1_000, onUnavailable: 'closed' });
    expect((await limiter._unsafeUnwrap().take('4711'))._unsafeUnwrap().degraded).toBe(false);
    expect((await sdk.health()).status).toBe('up');
    expect(sdk.cache.stats()).toMatchObject({ state: 'up', memory: 'up', failures: 0, failedFills: 0 });
  }

  const database = stack.use(new ScratchDatabase());
  const strict = stack.use(
    (await createSlotwise({ database: database.options, cache: { ...cache, strict: true } }))._unsafeUnwrap(),
  );
  (await strict.migrate())._unsafeUnwrap();
  (
    await strict.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' }))
  )._unsafeUnwrap();
  await until('fills', LIMIT_MS, async () => {
    (await strict.read.cities.getActive())._unsafeUnwrap();
    return strict.cache.stats().l2Hits > 0;
  });
  expect(strict.cache.stats()).toMatchObject({ failures: 0, failedFills: 0, deferredCommits: 0 });
}

describeWithRedisServer('what the cache asks of Redis', () =>
  describeWithPostgres('beside PostgreSQL', () => {
    const prefix = `rights:${randomBytes(6).toString('hex')}`;

    it('is no more than what is documented, on keys and a channel of its own', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisProcess.start());
      await allow(redis, prefix, commands);
      await useAll({ url: redis.url.replace('//', `//${login.username}:${PASSWORD}@`), prefix });
      const { used, errors } = await statistics(redis);
      expect(used).toEqual(commands.toSorted());
      expect(errors).not.toMatch(/NOPERM|NOAUTH|NOSCRIPT/);
    });

    it('is no more than that on a Cluster', async () => {
      await using stack = new AsyncDisposableStack();
      const cluster = stack.use(await RedisCluster.start());
      for (const server of cluster.servers) await allow(server, prefix, ofACluster);
      await useAll({ cluster: { nodes: cluster.nodes.slice(0, 1), ...login }, prefix });
      const seen = new Set<string>();
      for (const shard of cluster.shards) {
        const { used, errors } = await statistics(await cluster.masterOf(shard));
        for (const name of used) seen.add(name);
        expect(errors).not.toMatch(/NOPERM|NOAUTH|NOSCRIPT|MOVED|ASK|CROSSSLOT/);
      }
      expect([...seen].toSorted()).toEqual(ofACluster.toSorted());
    });

    it('is known to the oldest release that is supported', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisProcess.start());
      const names = ofACluster.map((name) => name.split('|')[0] ?? name);
      const docs = (await redis.ask((client) => client.call('COMMAND', 'DOCS', ...names))) as unknown[];
      const since = names.map((name) => {
        const fields = docs[docs.indexOf(name) + 1] as readonly unknown[];
        return String(fields[fields.indexOf('since') + 1]);
      });
      expect(since).toHaveLength(ofACluster.length);
      for (const release of since)
        expect(release.localeCompare(OLDEST, 'en', { numeric: true })).toBeLessThanOrEqual(0);
    });
  }),
);
