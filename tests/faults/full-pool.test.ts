import { afterAll, expect, it } from 'vitest';
import type { ResultAsync, Slotwise, SlotwiseError, UnitOfWork } from '../../src/index.ts';
import { openBoard } from '../support/open-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';

const CONNECTIONS = 3;
const ACQUIRE_TIMEOUT_MS = 1500;
const SLACK_MS = 1500;

describeWithPostgres('every connection of the pool is held by an open transaction', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = openBoard(() => ({
    database: { ...database.options, pool: { max: CONNECTIONS }, acquireTimeoutMs: ACQUIRE_TIMEOUT_MS },
    cache: false,
  }));

  const holdAll = async (): Promise<readonly UnitOfWork[]> => {
    const { sdk, board } = opened();
    const holders = Array.from({ length: CONNECTIONS }, () => sdk.unitOfWork());
    for (const [index, uow] of holders.entries())
      (await uow.slots.getForUpdate(board.slots[index]?.id ?? 0))._unsafeUnwrap();
    return holders;
  };

  const letGo = async (holders: readonly UnitOfWork[]): Promise<void> => {
    for (const uow of holders) (await uow.rollback())._unsafeUnwrap();
  };

  it('answers Timeout to every caller in time, and works again without any help', async () => {
    const { sdk, board } = opened();
    using unhandled = new UnhandledRejections();
    const holders = await holdAll();
    const candidateId = board.candidate.id;
    const slotId = board.slots[4]?.id ?? 0;
    const calls: readonly (() => ResultAsync<unknown, SlotwiseError>)[] = [
      () => sdk.read.recruiters.get(board.recruiter.id),
      () => sdk.booking.reserve({ slotId, candidateId }),
      () => sdk.diagnostics.indexes(),
      () => sdk.migrate(),
    ];
    const startedAt = performance.now();
    const errors = await Promise.all(calls.map(async (call) => (await call())._unsafeUnwrapErr()));
    expect(performance.now() - startedAt).toBeLessThan(ACQUIRE_TIMEOUT_MS + SLACK_MS);
    for (const error of errors)
      expect(error).toMatchObject({ type: 'Timeout', waitedFor: 'connection', retryable: true });
    await letGo(holders);

    const booked = await sdk.booking.reserve({ slotId, candidateId });
    expect(booked._unsafeUnwrap()).toMatchObject({ slotId, candidateId });
    expect(unhandled.seen).toEqual([]);
  });

  it('says so when it is asked, although there is no connection left to ask the server', async () => {
    const { sdk } = opened();
    const holders = await holdAll();
    const waiting = readInTurn(sdk, 2);
    const { pool, server } = await sdk.diagnostics.poolStatus();
    expect(pool).toEqual({ open: CONNECTIONS, idle: 0, waiting: 2, max: CONNECTIONS, use: 1 });
    expect(server).toMatchObject({ available: false, error: { type: 'Timeout', waitedFor: 'connection' } });
    await letGo(holders);
    await waiting.all;

    const after = await sdk.diagnostics.poolStatus();
    expect(after).toMatchObject({
      pool: { open: CONNECTIONS, idle: CONNECTIONS, waiting: 0, use: 0 },
      server: { available: true },
    });
  });

  it('tells the server’s side of it: whose transactions are open, and for how long they have done nothing', async () => {
    const { sdk, board } = opened();
    const uow = sdk.unitOfWork();
    (await uow.slots.getForUpdate(board.slot.id))._unsafeUnwrap();
    const idle = async () => {
      const { server } = await sdk.diagnostics.poolStatus();
      if (server?.available !== true) throw new Error('the server was not asked');
      return server;
    };
    const first = await idle();
    expect(first.ofSdk).toBeGreaterThanOrEqual(2);
    expect(first.all).toBeGreaterThanOrEqual(first.ofSdk);
    expect(first.max).toBeGreaterThanOrEqual(first.all);
    expect(first.idleInTransaction.count).toBeGreaterThanOrEqual(1);
    expect(first.idleInTransaction.longestMs).toBeGreaterThan(0);
    const second = await idle();
    expect(second.idleInTransaction.longestMs).toBeGreaterThan(first.idleInTransaction.longestMs);
    (await uow.rollback())._unsafeUnwrap();
  });

  it('serves those who wait in the order in which they came', async () => {
    const { sdk } = opened();
    const holders = await holdAll();
    const waiting = readInTurn(sdk, 8);
    await expect.poll(() => sdk.metrics.summary().database.pool?.waiting).toBe(8);
    // One connection for all of them: with more, answers could overtake each other on their way.
    (await holders[0]?.rollback())?._unsafeUnwrap();
    await waiting.all;
    expect(waiting.served).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await letGo(holders.slice(1));
  });
});

/** Reads of several callers, and in which order they were answered. */
function readInTurn(
  sdk: Slotwise,
  callers: number,
): { readonly served: number[]; readonly all: Promise<unknown> } {
  const served: number[] = [];
  const all = Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      if ((await sdk.read.candidates.list()).isOk()) served.push(caller);
    }),
  );
  return { served, all };
}
