import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Redis as Redis6 } from 'ioredis-6';
import { describe, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { rename } from '../support/traffic.ts';
import { describeRedisOutage } from './redis-fault-promises.ts';

/** As a host would make one, with everything the SDK's own clients turn off: an offline queue, retries, resending. */
const releases: readonly { readonly release: string; readonly connect: (url: string) => Redis }[] = [
  { release: 'ioredis 5', connect: (url) => listening(new Redis(url, { retryStrategy: () => 20 })) },
  // The option is typed by the release that is installed as `ioredis`; a host has only one of them.
  {
    release: 'ioredis 6',
    connect: (url) => listening(new Redis6(url, { retryStrategy: () => 20 }) as unknown as Redis),
  },
];

function listening(client: Redis): Redis {
  return client.on('error', () => undefined);
}

describe.each(releases)("a host's client of $release", ({ release, connect }) => {
  describeRedisOutage(`with ${release}, Redis is killed in the middle of traffic and started again empty`, {
    client: connect,
    inject: ({ redis }) => redis.kill(),
    heal: ({ redis }) => redis.restart(),
  });

  describeRedisOutage(`with ${release}, Redis is frozen in the middle of traffic and goes on later`, {
    client: connect,
    inject: async ({ redis }) => redis.pause(),
    heal: async ({ redis }) => redis.resume(),
  });

  describeWithRedisServer('lent to the SDK', () =>
    describeWithPostgres('with commits to PostgreSQL', () => {
      const open = async (
        stack: AsyncDisposableStack,
        client: Redis,
        cache: { readonly commandTimeoutMs?: number } = {},
      ): Promise<Slotwise> => {
        stack.defer(() => client.disconnect());
        const database = stack.use(new ScratchDatabase());
        const prefix = `borrowed:${randomBytes(6).toString('hex')}`;
        const sdk = await createSlotwise({
          database: database.options,
          cache: { client, prefix, l1: false, ...cache },
        });
        const opened = stack.use(sdk._unsafeUnwrap());
        (await opened.migrate())._unsafeUnwrap();
        return opened;
      };

      it('serves reads from the cache and applies commits', async () => {
        await using stack = new AsyncDisposableStack();
        const redis = stack.use(await RedisProcess.start());
        const sdk = await open(stack, connect(redis.url));
        const { recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
        const versionRead = async (): Promise<number> =>
          (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap().version;

        expect(await versionRead()).toBe(1);
        expect((await rename(sdk, recruiter.id, 'Renamed')).invalidation).toBe('applied');
        expect(await versionRead()).toBe(2);
        const hits = sdk.cache.stats().l2Hits;
        await expect
          .poll(async () => (await versionRead()) === 2 && sdk.cache.stats().l2Hits > hits, { timeout: 2000 })
          .toBe(true);
      });

      it('is neither closed nor listened to after the SDK is closed', async () => {
        await using stack = new AsyncDisposableStack();
        const redis = stack.use(await RedisProcess.start());
        const client = connect(redis.url);
        const listeners = (): readonly number[] =>
          ['ready', 'close', 'error', 'end', 'reconnecting'].map((event) => client.listenerCount(event));
        const before = listeners();
        const sdk = await open(stack, client);
        (await sdk.close())._unsafeUnwrap();

        expect(await client.set('still', 'usable')).toBe('OK');
        expect(listeners()).toEqual(before);
      });

      it('does not let an answer of another server pass for one of the server that was asked', async () => {
        await using stack = new AsyncDisposableStack();
        const redis = stack.use(await RedisProcess.start());
        const proxy = stack.use(await TcpProxy.start(redis.port));
        // Long enough for the client to send the question again, to the server it finds after reconnecting.
        const sdk = await open(stack, connect(`redis://127.0.0.1:${proxy.port}`), { commandTimeoutMs: 5000 });
        const { recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
        (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap();
        await expect.poll(() => sdk.cache.stats().fills, { timeout: 2000 }).toBeGreaterThan(0);
        const older = await redis.snapshot();
        expect((await rename(sdk, recruiter.id, 'Renamed')).invalidation).toBe('applied');

        proxy.swallow();
        const asked = sdk.read.recruiters.get(recruiter.id);
        await redis.kill();
        await redis.restart(older);
        proxy.cut();
        proxy.heal();
        expect((await asked)._unsafeUnwrap()).toMatchObject({ version: 2, name: 'Renamed' });
      });
    }),
  );
});
