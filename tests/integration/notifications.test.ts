import { err, ok } from 'neverthrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type ReadSource, type Slotwise } from '../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

describeWithPostgres('processes with a database server and no Redis', () => {
  const stack = new AsyncDisposableStack();
  const sources: ReadSource[] = [];
  let database: ScratchDatabase;
  let reader: Slotwise;
  let writer: Slotwise;
  let board: Board;
  /** Of suites that run beside this one. */
  let others: ReadonlySet<number>;

  beforeAll(async () => {
    database = stack.use(new ScratchDatabase());
    others = new Set(await listeners());
    const options = { database: database.options };
    const instrumentation = { cacheRead: ({ source }: { source: ReadSource }) => sources.push(source) };
    reader = stack.use((await createSlotwise({ ...options, instrumentation }))._unsafeUnwrap());
    writer = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await writer.migrate())._unsafeUnwrap();
    board = (await seedBoard(writer))._unsafeUnwrap();
  });

  afterAll(() => stack.disposeAsync());

  const listeners = async (): Promise<readonly number[]> =>
    (
      await database.rows<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'slotwise' and query = 'select 1'`,
      )
    ).map(({ pid }) => pid);
  const read = async (): Promise<string> =>
    (await reader.read.recruiters.get(board.recruiter.id))._unsafeUnwrap().name;
  const rename = async (name: string, ...more: readonly string[]): Promise<void> => {
    const renamed = await writer.transaction((uow) => {
      uow.invalidate(...more);
      return uow.recruiters
        .get(board.recruiter.id)
        .andThen((found) => found.rename(name))
        .andThen((changed) => uow.recruiters.update(changed))
        .andThen(() => ok());
    });
    renamed._unsafeUnwrap();
  };

  it('answer from memory, and hear of what the others change', async () => {
    await expect.poll(async () => [await read(), sources.at(-1)]).toEqual([board.recruiter.name, 'l1']);
    await rename('Heard of');
    await expect.poll(read, { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBe('Heard of');
    expect(reader.cache.stats()).toMatchObject({ state: 'up', memory: 'up' });
    expect(reader.cache.stats().announcements).toBeGreaterThan(0);
  });

  it('do not act on their own announcements again', async () => {
    const before = writer.cache.stats().announcements;
    await rename('Own');
    await expect.poll(read).toBe('Own');
    expect(writer.cache.stats().announcements).toBe(before);
  });

  it('commit changes whose anchors do not fit into one notification', async () => {
    await rename('Large', ...Array.from({ length: 2000 }, (_, index) => `something:of:the:host:${index}`));
    await expect.poll(read, { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBe('Large');
  });

  it('hear nothing of what is rolled back', async () => {
    const before = reader.cache.stats().announcements;
    const undone = await writer.transaction((uow) => {
      uow.invalidate('something');
      return Promise.resolve(err('undone'));
    });
    expect(undone).toEqual(err('undone'));
    await rename('After the rollback');
    await expect.poll(read).toBe('After the rollback');
    // The anchors of one rename, and nothing of what was undone.
    expect(reader.cache.stats().announcements - before).toBeLessThan(10);
  });

  it('forget what they hold when they cannot hear, ask the database meanwhile, and hear again', async () => {
    await expect.poll(async () => [await read(), sources.at(-1)]).toEqual(['After the rollback', 'l1']);
    const lost = reader.cache.stats().announcementsLost;
    for (const pid of await listeners())
      if (!others.has(pid)) await database.rows(`select pg_terminate_backend(${pid})`);
    await expect.poll(() => reader.cache.stats().announcementsLost).toBeGreaterThan(lost);
    await rename('While deaf');
    expect(await read()).toBe('While deaf');
    await expect
      .poll(async () => [await read(), sources.at(-1)], { timeout: 5000 })
      .toEqual(['While deaf', 'l1']);
  });

  it('hear of commits of a process that has no cache at all', async () => {
    await expect
      .poll(async () => [await read(), sources.at(-1)], { timeout: 5000 })
      .toEqual(['While deaf', 'l1']);
    const tool = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    await using _ = tool;
    const renamed = await tool.transaction((uow) =>
      uow.recruiters
        .get(board.recruiter.id)
        .andThen((found) => found.rename('By a tool'))
        .andThen((changed) => uow.recruiters.update(changed)),
    );
    renamed._unsafeUnwrap();
    await expect.poll(read, { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBe('By a tool');
  });

  it('leave the cache alone when they may not listen', async () => {
    const alone = (
      await createSlotwise({ database: database.options, cache: { notify: false } })
    )._unsafeUnwrap();
    await using _ = alone;
    expect(alone.cache.stats()).toMatchObject({ state: 'off', memory: 'off' });
  });
});
