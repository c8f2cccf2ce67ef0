import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { openBoard } from '../support/open-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';
import { until } from '../support/until.ts';

const CONNECTIONS = 6;
const ROUNDS = 15;
/** A connection that does not answer is given up after a second; the rest is for the machine. */
const FAR_TOO_LONG_MS = 5000;

describeWithPostgres('PostgreSQL ends connections that nobody uses', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = openBoard(() => ({
    database: { ...database.options, pool: { max: CONNECTIONS } },
    cache: false,
  }));
  const each = Array.from({ length: CONNECTIONS });

  it('and not one transaction fails for it, however soon it comes', async () => {
    const { sdk, board } = opened();
    using unhandled = new UnhandledRejections();
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(each.map(() => sdk.read.recruiters.get(board.recruiter.id)));
      expect(await database.terminateConnections()).toBe(CONNECTIONS);
      // From before the news can have come to long after.
      if (round > 0) await sleep(round);
      const locked = await Promise.all(
        board.slots.map(({ id }) => sdk.transaction((uow) => uow.slots.getForUpdate(id))),
      );
      expect(locked.filter((result) => result.isErr())).toEqual([]);
    }
    expect(unhandled.seen).toEqual([]);
  });

  it('or that are in use, and not one read outside a transaction fails for it', async () => {
    const { sdk, board } = opened();
    using unhandled = new UnhandledRejections();
    const failures: unknown[] = [];
    const counts = each.map(() => 0);
    const over = new AbortController();
    const reading = each.map(async (_, reader) => {
      while (!over.signal.aborted) {
        const read = await sdk.read.recruiters.get(board.recruiter.id);
        if (read.isErr()) failures.push(read.error);
        counts[reader] = (counts[reader] ?? 0) + 1;
      }
    });
    /** A read is repeated once, so what is ended is not to be the second one of the same read. */
    const everybodyHasRead = async (): Promise<void> => {
      const before = [...counts];
      await until('everybody has read', 5000, () =>
        counts.every((count, reader) => count > (before[reader] ?? 0) + 1),
      );
    };
    let ended = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await everybodyHasRead();
      ended += await database.terminateConnections();
    }
    await everybodyHasRead();
    over.abort();
    await Promise.all(reading);
    expect(failures).toEqual([]);
    expect(ended).toBeGreaterThan(ROUNDS);
    expect(unhandled.seen).toEqual([]);
  });
});

describeWithPostgres('a firewall forgets connections that nobody uses', () => {
  it('and the next calls get others, within a limit', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const proxy = stack.use(await TcpProxy.startBefore(database.url));
    const options = { ...database.options, url: proxy.through(database.url), pool: { checkAfterIdleMs: 0 } };
    const sdk = stack.use((await createSlotwise({ database: options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    const { recruiter, slot } = (await seedBoard(sdk))._unsafeUnwrap();

    for (const call of [
      () => sdk.read.recruiters.get(recruiter.id),
      () => sdk.transaction((uow) => uow.slots.getForUpdate(slot.id)),
    ]) {
      proxy.forget();
      const startedAt = performance.now();
      expect((await call())._unsafeUnwrap().id).toBeGreaterThan(0);
      expect(performance.now() - startedAt).toBeLessThan(FAR_TOO_LONG_MS);
    }
  });
});
