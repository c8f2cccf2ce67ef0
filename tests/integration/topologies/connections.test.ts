import { expect, it } from 'vitest';
import { Pair } from '../../support/pair.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { describeWithPostgres, describeWithRedisServer } from '../../support/services.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';

const LIMIT_MS = 5000;
const LATENCY_MS = 10;

interface Connected {
  readonly id: string;
  readonly lastCommand: string;
}

/** Connections of SDKs, in the order in which they were made. */
async function connected(redis: RedisProcess, type: 'normal' | 'pubsub'): Promise<readonly Connected[]> {
  const list = await redis.ask((client) => client.call('CLIENT', 'LIST', 'TYPE', type));
  return String(list)
    .trim()
    .split('\n')
    .map((line) => ({
      id: /\bid=(\d+)/.exec(line)?.[1] ?? '',
      lastCommand: /\bcmd=(\S+)/.exec(line)?.[1] ?? '',
    }))
    .filter(({ id, lastCommand }) => id !== '' && !lastCommand.startsWith('client'));
}

describeWithRedisServer('connections to Redis', () =>
  describeWithPostgres('beside PostgreSQL', () => {
    it('are as many as were asked for and one that listens, take turns, and are replaced', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisProcess.start());
      expect(await connected(redis, 'normal')).toHaveLength(0);
      const pair = await Pair.open(stack, { url: redis.url, connections: 3, pingIntervalMs: 60_000 });
      expect(await connected(redis, 'normal')).toHaveLength(6);
      expect(await connected(redis, 'pubsub')).toHaveLength(2);
      await pair.tells('First');

      for (let count = 0; count < 12; count += 1)
        for (const sdk of [pair.writer, pair.reader])
          expect((await sdk.read.recruiters.get(1000 + count)).isErr()).toBe(true);
      const used = (await connected(redis, 'normal')).map(({ lastCommand }) => lastCommand);
      expect(used.filter((command) => /^(mget|eval|set)$/.test(command))).toHaveLength(6);

      const [, second] = await connected(redis, 'normal');
      await redis.ask((client) => client.client('KILL', 'ID', Number(second?.id)));
      await pair.tells('Second');
      await until('as many as before', LIMIT_MS, async () => (await connected(redis, 'normal')).length === 6);
      await pair.hits('l1Hits');
    });

    it('that are full send nobody away: what does not fit is read from the database', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisProcess.start());
      const proxy = stack.use(await TcpProxy.start(redis.port));
      const url = `redis://127.0.0.1:${proxy.port}`;
      const { reader, recruiter } = await Pair.open(stack, { url, l1: false, maxInFlight: 2 });
      await until('the link', LIMIT_MS, () => reader.cache.stats().state === 'up');
      proxy.delay(LATENCY_MS);
      const before = reader.cache.stats();
      const read = async (): Promise<boolean> => (await reader.read.recruiters.get(recruiter.id)).isOk();
      const reads: Promise<boolean>[] = [];
      for (let count = 0; count < 200; count += 1) {
        reads.push(read());
        // Reads of one turn share a command.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect((await Promise.all(reads)).filter((isOk) => !isOk)).toEqual([]);
      const after = reader.cache.stats();
      expect(after.state).toBe('up');
      expect(after.breakerOpened).toBe(before.breakerOpened);
      expect(after.failures - before.failures).toBeGreaterThan(50);
      expect(after.bypassed - before.bypassed).toBeGreaterThan(50);
    });
  }),
);
