import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ChildWorker } from '../support/child-process.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import type { SdkWorker } from '../support/workers/sdk-worker.ts';

const CLOSE_LIMIT_MS = 5000;
/** An abandoned connection is given two seconds to end gracefully; the rest is for the machine. */
const EXIT_LIMIT_MS = 5000;

interface Faulty {
  readonly redis: RedisProcess;
  readonly proxy: TcpProxy;
}

interface Situation {
  readonly name: string;
  /** Connects to the server itself, without a network in between that would notice the end of a connection. */
  readonly direct?: true;
  readonly beforeOpening?: (faulty: Faulty) => Promise<void> | void;
  readonly beforeClosing?: (faulty: Faulty) => Promise<void> | void;
}

const situations: readonly Situation[] = [
  { name: 'Redis is well' },
  { name: 'Redis is frozen', direct: true, beforeClosing: ({ redis }) => redis.pause() },
  { name: 'Redis has gone silent', beforeClosing: ({ proxy }) => proxy.swallow() },
  { name: 'Redis was silent from the start', beforeOpening: ({ proxy }) => proxy.swallow() },
  { name: 'Redis was never there', beforeOpening: ({ redis }) => redis.kill() },
  { name: 'Redis was killed', beforeClosing: ({ redis }) => redis.kill() },
];

describeWithPostgres('closing the SDK while a read waits for a new connection', () => {
  it('waits for the read, and for nothing after it', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const proxy = stack.use(await TcpProxy.startBefore(database.url));
    const options = { ...database.options, url: proxy.through(database.url) };
    const sdk = stack.use((await createSlotwise({ database: options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    proxy.delay(100);
    // The first has the connection that is there; the others need their own.
    const reads = Array.from({ length: 4 }, () => sdk.read.recruiters.list());
    (await sdk.close({ timeoutMs: CLOSE_LIMIT_MS }))._unsafeUnwrap();
    for (const read of reads) expect((await read)._unsafeUnwrap().items).toEqual([]);
  });
});

describeWithRedisServer('closing the SDK', () =>
  describeWithPostgres('with commits to PostgreSQL', () => {
    it.each(situations)(
      'keeps its deadline and lets the process end when $name',
      async ({ direct, beforeOpening, beforeClosing }) => {
        await using stack = new AsyncDisposableStack();
        const database = stack.use(new ScratchDatabase());
        const redis = stack.use(await RedisProcess.start());
        const proxy = stack.use(await TcpProxy.start(redis.port));
        const plain = stack.use(
          (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
        );
        (await plain.migrate())._unsafeUnwrap();
        const { recruiter } = (await seedBoard(plain))._unsafeUnwrap();

        await beforeOpening?.({ redis, proxy });
        const worker = stack.use(
          new ChildWorker<SdkWorker>(new URL('../support/workers/sdk-worker.ts', import.meta.url)),
        );
        const cache = {
          url: direct === true ? redis.url : `redis://127.0.0.1:${proxy.port}`,
          prefix: `closing:${randomBytes(6).toString('hex')}`,
        };
        await worker.call('open', { database: database.options, cache });
        await worker.call('rename', { id: recruiter.id, name: 'Before closing' });
        await beforeClosing?.({ redis, proxy });
        // In flight while the SDK closes; its answer is of no interest.
        const last = worker
          .call('rename', { id: recruiter.id, name: 'While closing' })
          .catch(() => undefined);
        await sleep(20);

        expect(await worker.call('close', undefined)).toBeLessThan(CLOSE_LIMIT_MS);
        await last;
        await worker.call('leave', undefined);
        const ended = await Promise.race([
          worker.exited,
          sleep(EXIT_LIMIT_MS, 'still running', { ref: false }),
        ]);
        expect({ ended, output: worker.output }).toEqual({ ended: { code: 0, signal: null }, output: '' });
      },
    );
  }),
);
