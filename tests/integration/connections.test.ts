import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSlotwise,
  type EmbeddedDatabaseOptions,
  type ServerDatabaseOptions,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const ACQUIRE_TIMEOUT_MS = 300;
const SLACK_MS = 700;

interface Opened {
  readonly sdk: Slotwise;
  readonly board: Board;
}

/** A migrated SDK with a board, closed together with what it stands on when the suite ends. */
function opening(options: () => SlotwiseOptions): () => Opened {
  let opened: Opened | undefined;

  beforeAll(async () => {
    const sdk = (await createSlotwise(options()))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    opened = {
      sdk,
      board: (await seedBoard(sdk, { recruiters: 2, slotsPerRecruiter: 3, candidates: 3 }))._unsafeUnwrap(),
    };
  });

  afterAll(async () => {
    await opened?.sdk.close().unwrapOr(undefined);
  });

  return () => {
    if (opened === undefined) throw new Error('the SDK was not opened');
    return opened;
  };
}

/** Everything one unit of work may do, on one connection. */
function itNeedsOneConnection(opened: () => Opened): void {
  it('reads, writes and joins use cases inside one unit of work', async () => {
    const { sdk, board } = opened();
    const [first, second] = board.slots;
    const [ann, ben] = board.candidates;
    const answers = await sdk.transaction(async (uow) => {
      const before = await uow.recruiters.get(board.recruiter.id);
      const renamed = await before
        .andThen((recruiter) => recruiter.rename('Renamed'))
        .asyncAndThen((recruiter) => uow.recruiters.update(recruiter));
      const during = await uow.recruiters.getActive();
      const others = await uow.cities.get(board.city.id);
      const booked = await sdk.booking.reserve(
        { slotId: first?.id ?? 0, candidateId: ann?.id ?? 0 },
        { uow },
      );
      const taken = await sdk.booking.reserve({ slotId: first?.id ?? 0, candidateId: ben?.id ?? 0 }, { uow });
      const undone = await uow.savepoint(() =>
        sdk.booking.reserve({ slotId: second?.id ?? 0, candidateId: 0 }, { uow }),
      );
      const free = await uow.slots.getFreeForCity(board.city.id);
      return renamed.map(() => ({ during, others, booked, taken, undone, free }));
    });
    const { during, others, booked, taken, undone, free } = answers._unsafeUnwrap();
    expect(during._unsafeUnwrap().map(({ name }) => name)).toContain('Renamed');
    expect(others.isOk()).toBe(true);
    expect(booked._unsafeUnwrap().state).toBe('requested');
    expect(taken._unsafeUnwrapErr()).toMatchObject({ type: 'SlotTaken', slotId: first?.id });
    expect(undone._unsafeUnwrapErr().type).toBe('Validation');
    expect(free._unsafeUnwrap().map(({ id }) => id)).not.toContain(first?.id);
  });

  it('offers alternatives for a slot that is taken, in a transaction of its own', async () => {
    const { sdk, board } = opened();
    const [, , third] = board.slots;
    const [, ben, cat] = board.candidates;
    (await sdk.booking.reserve({ slotId: third?.id ?? 0, candidateId: ben?.id ?? 0 }))._unsafeUnwrap();
    const lost = await sdk.booking.reserve({ slotId: third?.id ?? 0, candidateId: cat?.id ?? 0 });
    expect(lost._unsafeUnwrapErr()).toMatchObject({ type: 'SlotTaken' });
  });

  it('lets many callers take their turns', async () => {
    const { sdk, board } = opened();
    const before = (await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap().version;
    const turns = Array.from({ length: 30 }, (_, turn) =>
      sdk.transaction((uow) =>
        uow.recruiters
          .getForShare(board.recruiter.id)
          .andThen((recruiter) => recruiter.rename(`Turn ${turn}`))
          .andThen((recruiter) => uow.recruiters.update(recruiter)),
      ),
    );
    for (const turn of await Promise.all(turns)) expect(turn.isOk()).toBe(true);
    const after = (await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap().version;
    expect(after).toBe(before + 30);
  });
}

/** With every connection taken by units of work that stay open. */
function itDoesNotWaitForEver(opened: () => Opened, connections: number): void {
  it('answers Timeout within its limit while all connections are taken, and works when one is free', async () => {
    const { sdk, board } = opened();
    const holders = Array.from({ length: connections }, () => sdk.unitOfWork());
    try {
      for (const [index, uow] of holders.entries())
        (await uow.slots.getForUpdate(board.slots[index]?.id ?? 0))._unsafeUnwrap();

      for (const call of [
        () => sdk.read.candidates.list(),
        () => sdk.transaction((uow) => uow.cities.add({ name: 'Late', timeZone: 'Europe/Berlin' })),
      ]) {
        const startedAt = performance.now();
        const error = (await call())._unsafeUnwrapErr();
        expect(error).toMatchObject({ type: 'Timeout', waitedFor: 'connection', retryable: true });
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(ACQUIRE_TIMEOUT_MS - 5);
        expect(performance.now() - startedAt).toBeLessThan(ACQUIRE_TIMEOUT_MS + SLACK_MS);
      }
    } finally {
      for (const uow of holders) (await uow.rollback())._unsafeUnwrap();
    }
    expect((await sdk.read.candidates.list())._unsafeUnwrap().items).toHaveLength(3);
    const { items } = (await sdk.read.cities.list())._unsafeUnwrap();
    expect(items.map(({ name }) => name)).not.toContain('Late');
  });
}

const limited: Pick<ServerDatabaseOptions, 'acquireTimeoutMs'> = { acquireTimeoutMs: ACQUIRE_TIMEOUT_MS };
const onOne = { pool: { max: 1 } };

describe('PGlite, which has one connection', () => {
  describe('without a cache', () => {
    const database: EmbeddedDatabaseOptions = { embedded: true, ...limited };
    const opened = opening(() => ({ database, cache: false }));
    itNeedsOneConnection(opened);
    itDoesNotWaitForEver(opened, 1);
  });
});

describeWithPostgres('a pool of PostgreSQL connections', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());

  describe('of one', () => {
    const opened = opening(() => ({ database: { ...database.options, ...onOne }, cache: false }));
    itNeedsOneConnection(opened);
  });
});

describeWithPostgres('a full pool of PostgreSQL connections', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = opening(() => ({
    database: { ...database.options, ...limited, pool: { max: 2 } },
    cache: false,
  }));
  itDoesNotWaitForEver(opened, 2);
});

describeWithServers('a single PostgreSQL connection with a cache in Redis', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const scratch = new ScratchPrefix();
  afterAll(() => scratch[Symbol.asyncDispose]());
  const opened = opening(() => ({ database: { ...database.options, ...onOne }, cache: scratch.options }));
  itNeedsOneConnection(opened);
});

describeWithPostgres('a PostgreSQL connection that breaks', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  // One connection: if it were lost to the pool, the next call would wait in vain.
  const opened = opening(() => ({
    database: { ...database.options, ...onOne, acquireTimeoutMs: 1000 },
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

  it('while it is idle, again and again, costs at most calls that say they may be made again', async () => {
    for (let breaks = 0; breaks < 10; breaks += 1) {
      await breakIdleConnection();
      const errors: unknown[] = [];
      await expect
        .poll(
          async () => {
            const renamed = await renameTo(`Break ${breaks}`);
            if (renamed.isErr()) errors.push(renamed.error);
            return renamed.isOk();
          },
          { timeout: 1000, interval: 10 },
        )
        .toBe(true);
      for (const error of errors) expect(error).toMatchObject({ type: 'Database', retryable: true });
    }
  });
});

describeWithPostgres('a way to PostgreSQL that breaks', () => {
  it('at COMMIT or at ROLLBACK costs the call, never the connection for ever', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const direct = new URL(database.url);
    const proxy = stack.use(await TcpProxy.start(Number(direct.port || 5432)));
    direct.host = `127.0.0.1:${proxy.port}`;
    const options = { ...database.options, ...onOne, url: direct.href, acquireTimeoutMs: 1000 };
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

describeWithPostgres('a statement that takes too long', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = opening(() => ({
    database: { ...database.options, statementTimeoutMs: 300 },
    cache: false,
  }));

  it('answers Timeout for the statement, rolls back, and the next call works', async () => {
    const { sdk, board } = opened();
    const rename = () =>
      sdk.transaction((uow) =>
        uow.recruiters
          .getForShare(board.recruiter.id)
          .andThen((recruiter) => recruiter.rename('In time'))
          .andThen((recruiter) => uow.recruiters.update(recruiter)),
      );
    await database.during(async (run) => {
      await run('select * from $schema.recruiter for update');
      const startedAt = performance.now();
      expect((await rename())._unsafeUnwrapErr()).toMatchObject({
        type: 'Timeout',
        waitedFor: 'statement',
        sqlState: '57014',
        retryable: true,
      });
      expect(performance.now() - startedAt).toBeLessThan(300 + SLACK_MS);
    });
    expect((await rename())._unsafeUnwrap().name).toBe('In time');
  });
});

describeWithPostgres('the URL of a PostgreSQL server', () => {
  /** What the server says about the SDK's connections. */
  const connectionsWith = async (parameter: string, value: string): Promise<readonly unknown[]> => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const url = new URL(database.url);
    url.searchParams.set(parameter, value);
    const created = await createSlotwise({ database: { ...database.options, url: url.href }, cache: false });
    if (created.isErr()) return [created.error.type];
    const sdk = stack.use(created.value);
    (await sdk.migrate())._unsafeUnwrap();
    (await sdk.read.cities.list())._unsafeUnwrap();
    return await database.rows(
      `select distinct application_name, ssl from pg_stat_activity join pg_stat_ssl using (pid)
       where query like '%$schema%' and application_name <> '$schema'`,
    );
  };

  it('may name the application', async () => {
    const connections = await connectionsWith('application_name', 'bot of the host');
    expect(connections).toMatchObject([{ application_name: 'bot of the host' }]);
  });

  it('is never used without the encryption it asks for', async () => {
    const [connection] = await connectionsWith('sslmode', 'verify-full');
    // Not every server offers it.
    expect(['DatabaseUnreachable', expect.objectContaining({ ssl: true })]).toContainEqual(connection);
  });
});
