import { afterAll, expect, it } from 'vitest';
import type { ServerDatabaseOptions } from '../../src/index.ts';
import { openBoard } from '../support/open-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';
import { until } from '../support/until.ts';

const LIMIT_MS = 200;
const FAR_TOO_LONG_MS = 5000;

/** A board whose SDK has one connection, so that it shows whether that is used again. */
function boardOnOne(limit: Partial<ServerDatabaseOptions>) {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = openBoard(() => ({
    database: { ...database.options, pool: { max: 1 }, ...limit },
    cache: false,
  }));
  const backends = async (): Promise<readonly number[]> => {
    const rows = await database.rows<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'slotwise' and query like '%$schema%'`,
    );
    return rows.map(({ pid }) => pid);
  };
  return { database, opened, backends };
}

describeWithPostgres('a statement that takes longer than it may', () => {
  const { database, opened, backends } = boardOnOne({ statementTimeoutMs: LIMIT_MS });

  it('answers Timeout, writes nothing, and leaves the connection as it was', async () => {
    const { sdk, board } = opened();
    const before = (await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap();
    const backend = await backends();
    await database.during(async (run) => {
      await run('lock table $schema.city');
      const timeout = { type: 'Timeout', waitedFor: 'statement', sqlState: '57014', retryable: true };
      expect((await sdk.read.cities.get(board.city.id))._unsafeUnwrapErr()).toMatchObject(timeout);
      const renamed = await sdk.transaction(async (uow) => {
        const recruiter = before.rename('Never committed')._unsafeUnwrap();
        (await uow.recruiters.update(recruiter))._unsafeUnwrap();
        return uow.cities.getForShare(board.city.id);
      });
      expect(renamed._unsafeUnwrapErr()).toMatchObject(timeout);
    });
    expect((await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap()).toEqual(before);
    expect((await sdk.read.cities.get(board.city.id)).isOk()).toBe(true);
    expect(await backends()).toEqual(backend);
    expect(backend).toHaveLength(1);
  });
});

describeWithPostgres('a statement that waits longer for a lock than it may', () => {
  const { database, opened } = boardOnOne({ lockTimeoutMs: LIMIT_MS });

  it('answers Timeout for the lock, long before the limit of statements', async () => {
    const { sdk, board } = opened();
    await database.during(async (run) => {
      await run('select * from $schema.slot for update');
      const startedAt = performance.now();
      await using uow = sdk.unitOfWork();
      const locked = await uow.slots.getForUpdate(board.slot.id);
      expect(locked._unsafeUnwrapErr()).toMatchObject({
        type: 'Timeout',
        waitedFor: 'lock',
        sqlState: '55P03',
        retryable: true,
      });
      expect(performance.now() - startedAt).toBeLessThan(FAR_TOO_LONG_MS);
    });
    expect((await sdk.transaction((uow) => uow.slots.getForUpdate(board.slot.id))).isOk()).toBe(true);
  });
});

describeWithPostgres('a transaction that does nothing for longer than it may', () => {
  const { database, opened, backends } = boardOnOne({ idleInTransactionTimeoutMs: LIMIT_MS });

  it('is undone by PostgreSQL, frees its locks, and says so with its next call', async () => {
    const { sdk, board } = opened();
    using unhandled = new UnhandledRejections();
    const before = (await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap();
    const uow = sdk.unitOfWork();
    const renamed = before.rename('Never committed')._unsafeUnwrap();
    (await uow.recruiters.update(renamed))._unsafeUnwrap();
    await until('PostgreSQL has ended it', FAR_TOO_LONG_MS, async () => (await backends()).length === 0);
    await database.rows('select * from $schema.recruiter for update nowait');

    expect((await uow.commit())._unsafeUnwrapErr()).toMatchObject({ type: 'Database', retryable: true });
    expect((await sdk.read.recruiters.get(board.recruiter.id))._unsafeUnwrap()).toEqual(before);
    expect(unhandled.seen).toEqual([]);
  });
});
