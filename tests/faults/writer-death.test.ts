import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers, redisUrl } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import type { SdkWorker } from '../support/workers/sdk-worker.ts';

/** Half a second until the next poll of any node, and room for the machine. */
const RELAY_LIMIT_MS = 1500;

describeWithServers('a process that dies between its commit and its invalidation', () => {
  it('leaves the invalidation to the other nodes, which make up for it', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const cache = stack.use(new ScratchPrefix()).options;
    // Only the writer's way to Redis is faulty.
    const proxy = stack.use(await TcpProxy.startBefore(redisUrl()));
    const survivor = stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
    (await survivor.migrate())._unsafeUnwrap();
    const { recruiter } = (await seedBoard(survivor))._unsafeUnwrap();
    const versionRead = async (): Promise<number> =>
      (await survivor.read.recruiters.get(recruiter.id))._unsafeUnwrap().version;

    const writer = stack.use(
      new ChildWorker<SdkWorker>(new URL('../support/workers/sdk-worker.ts', import.meta.url)),
    );
    await writer.call('open', {
      database: database.options,
      cache: { ...cache, url: `redis://127.0.0.1:${proxy.port}` },
    });
    await writer.call('read', recruiter.id);
    expect(await versionRead()).toBe(1);

    proxy.swallow();
    const renaming = writer.call('rename', { id: recruiter.id, name: 'Committed, but nobody was told' });
    const died = renaming.then(
      (invalidation) => invalidation,
      (cause: unknown) => String(cause),
    );
    const committed = async (): Promise<number | undefined> => {
      const [row] = await database.rows<{ version: number }>(
        'select version from $schema.recruiter where id = $1',
        [recruiter.id],
      );
      return row?.version;
    };
    await expect.poll(committed, { timeout: 5000, interval: 5 }).toBe(2);
    await writer.kill();
    expect(await died).toContain('SIGKILL');

    await expect.poll(versionRead, { timeout: RELAY_LIMIT_MS, interval: 10 }).toBe(2);
    await expect
      .poll(async () => (await survivor.health()).invalidation, { timeout: RELAY_LIMIT_MS })
      .toEqual({ backlog: 0, oldestMs: 0 });
  });
});
