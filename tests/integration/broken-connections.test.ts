import { afterAll, expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { openBoard } from '../support/open-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

// One connection: if it were lost to the pool, the next call would wait in vain.
const onOne = { pool: { max: 1 }, acquireTimeoutMs: 1000 };

describeWithPostgres('a PostgreSQL connection that breaks', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = openBoard(() => ({
    database: { ...database.options, ...onOne },
    cache: false,
  }));

  /** Ends the SDK's connection, found by its last statement: outside a transaction a read must come before. */
  const breakIdleConnection = async (): Promise<void> => {
    const { sdk, board } = opened();
    (await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap();
    expect(await database.terminateConnections()).toBe(1);
  };

  const nameStored = async (): Promise<unknown> => {
    const { board } = opened();
    const [row] = await database.rows('select name from $schema.recruiter where id = $1', [
      board.recruiter.id,
    ]);
    return row?.['name'];
  };

  const renameTo = (name: string) => {
    const { sdk, board } = opened();
    return sdk.transaction((uow) =>
      uow.recruiters
        .getForShare(board.recruiter.id)
        .andThen((recruiter) => recruiter.rename(name))
        .andThen((recruiter) => uow.recruiters.update(recruiter)),
    );
  };

  it('in the middle of a transaction answers a retryable error, leaves nothing written and costs nothing else', async () => {
    const { sdk, board } = opened();
    const before = await nameStored();
    let renamed = false;
    const broken = await sdk.transaction(async (uow) => {
      const changed = await uow.recruiters
        .getForShare(board.recruiter.id)
        .andThen((recruiter) => recruiter.rename('Never committed'))
        .andThen((recruiter) => uow.recruiters.update(recruiter));
      renamed = changed.isOk();
      expect(await database.terminateConnections()).toBe(1);
      return uow.recruiters.get(board.recruiter.id);
    });
    expect(renamed).toBe(true);
    expect(broken._unsafeUnwrapErr()).toMatchObject({ type: 'Database', retryable: true });
    expect(await nameStored()).toBe(before);

    expect((await renameTo('After the break'))._unsafeUnwrap().name).toBe('After the break');
  });

  it('before COMMIT answers an error for the commit and costs nothing else', async () => {
    const { sdk, board } = opened();
    const before = await nameStored();
    const uow = sdk.unitOfWork();
    const changed = await uow.recruiters
      .getForShare(board.recruiter.id)
      .andThen((recruiter) => recruiter.rename('Never committed'))
      .andThen((recruiter) => uow.recruiters.update(recruiter));
    expect(changed.isOk()).toBe(true);
    expect(await database.terminateConnections()).toBe(1);
    expect((await uow.commit())._unsafeUnwrapErr()).toMatchObject({ type: 'Database', retryable: true });
    expect(await nameStored()).toBe(before);

    expect((await renameTo('After the commit'))._unsafeUnwrap().name).toBe('After the commit');
  });

  it('while it is idle, again and again, costs nothing', async () => {
    for (let breaks = 0; breaks < 10; breaks += 1) {
      await breakIdleConnection();
      expect((await renameTo(`Break ${breaks}`))._unsafeUnwrap().name).toBe(`Break ${breaks}`);
    }
  });
});

describeWithPostgres('a way to PostgreSQL that breaks', () => {
  it('at COMMIT or at ROLLBACK costs the call, never the connection for ever', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const proxy = stack.use(await TcpProxy.startBefore(database.url));
    const options = { ...database.options, ...onOne, url: proxy.through(database.url) };
    const sdk = stack.use((await createSlotwise({ database: options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    const { recruiter } = (await seedBoard(sdk))._unsafeUnwrap();

    for (const command of [/^.{0,20}\bcommit\b/s, /^.{0,20}\brollback\b/s, /^.{0,20}\bbegin\b/s]) {
      proxy.onRequest((chunk) => {
        if (command.test(chunk.toString('latin1'))) setImmediate(() => proxy.cut());
      });
      const uow = sdk.unitOfWork();
      await uow.recruiters.getForShare(recruiter.id).unwrapOr(undefined);
      await (command.source.includes('commit') ? uow.commit() : uow.rollback()).unwrapOr(undefined);
      proxy.onRequest(undefined);
      expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap().id).toBe(recruiter.id);
      const written = await sdk.transaction((next) => next.recruiters.getForShare(recruiter.id));
      expect(written._unsafeUnwrap().id).toBe(recruiter.id);
    }
  });
});
