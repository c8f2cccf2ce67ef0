import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type RecruiterId, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const RELAY_LIMIT_MS = 1500;

/** Makes every commit of a changed recruiter take this long inside PostgreSQL. */
const slowCommits = (milliseconds: number): readonly string[] => [
  `create or replace function $schema.slow_commit() returns trigger language plpgsql
    as 'begin perform pg_sleep(${milliseconds / 1000}); return null; end'`,
  `drop trigger if exists slow_commit on $schema.recruiter`,
  `create constraint trigger slow_commit after update on $schema.recruiter
    deferrable initially deferred for each row execute function $schema.slow_commit()`,
];

describeWithServers('a commit whose answer is lost because the connection breaks', () => {
  const stack = new AsyncDisposableStack();
  const database = new ScratchDatabase();
  let proxy: TcpProxy;
  let writer: Slotwise;
  let reader: Slotwise;
  let id: RecruiterId;

  beforeAll(async () => {
    stack.use(database);
    const direct = new URL(database.url);
    // Only the writer's way to PostgreSQL is faulty.
    proxy = stack.use(await TcpProxy.start(Number(direct.port || 5432)));
    const proxied = new URL(direct);
    proxied.host = `127.0.0.1:${proxy.port}`;
    const cache = stack.use(new ScratchPrefix()).options;
    const open = async (url: string): Promise<Slotwise> => {
      // More connections than are broken: what becomes of those is not this suite's question.
      const options = { database: { ...database.options, url, pool: { max: 40 } }, cache };
      return stack.use((await createSlotwise(options))._unsafeUnwrap());
    };
    reader = await open(database.url);
    (await reader.migrate())._unsafeUnwrap();
    ({ id } = (await seedBoard(reader))._unsafeUnwrap().recruiter);
    writer = await open(proxied.href);
  });

  afterAll(() => stack.disposeAsync());

  const versionStored = async (): Promise<number> => {
    const [row] = await database.rows<{ version: number }>(
      'select version from $schema.recruiter where id = $1',
      [id],
    );
    return row?.version ?? 0;
  };

  const versionRead = async (): Promise<number> =>
    (await reader.read.recruiters.get(id))._unsafeUnwrap().version;

  /** Reads without a pause until the version has been stored for longer than a writer takes to clear the outbox. */
  const readUntil = async (version: number): Promise<void> => {
    const deadline = performance.now() + 2000;
    while (performance.now() < deadline && (await versionStored()) < version) await versionRead();
    const enough = performance.now() + 50;
    while (performance.now() < enough) await versionRead();
  };

  /** Renames, and breaks the writer's connection as soon as COMMIT was sent on it. */
  const renameWithoutAnswer = async (): Promise<string> => {
    proxy.onRequest((chunk) => {
      if (/\bcommit\b/.test(chunk.toString('latin1'))) setImmediate(() => proxy.cutClients());
    });
    const renamed = await writer.transaction((uow) =>
      uow.recruiters
        .getForShare(id)
        .andThen((recruiter) => recruiter.rename(`Renamed ${randomBytes(4).toString('hex')}`))
        .andThen((recruiter) => uow.recruiters.update(recruiter)),
    );
    proxy.onRequest(undefined);
    return renamed._unsafeUnwrapErr().type;
  };

  // Around the moment at which a writer removes the outbox rows of invalidations it has made itself.
  it.each([0, 5, 10, 15, 20, 30, 60])(
    'is shown by every node soon when PostgreSQL makes it after all, %i ms later',
    async (milliseconds) => {
      for (const statement of slowCommits(milliseconds)) await database.rows(statement);
      for (let attempts = 0; attempts < 3; attempts += 1) {
        const before = await versionStored();
        // What is read after the invalidation and before the commit is what must not stay in the cache.
        const reads = readUntil(before + 1);
        expect(await renameWithoutAnswer()).toBe('Database');
        await expect.poll(versionStored, { timeout: 2000, interval: 2 }).toBe(before + 1);
        await reads;
        await expect.poll(versionRead, { timeout: RELAY_LIMIT_MS, interval: 10 }).toBe(before + 1);
      }
    },
  );
});
