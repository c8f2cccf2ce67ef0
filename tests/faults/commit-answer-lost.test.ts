import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type CacheOptions, type RecruiterId, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';
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

interface Nodes {
  /** Its way to PostgreSQL breaks. */
  readonly writer: Slotwise;
  readonly reader: Slotwise;
}

/** @param nodes opens them on the database; `broken` is the URL of the way that breaks. */
function itIsShownSoon(
  nodes: (database: ScratchDatabase, broken: string, stack: AsyncDisposableStack) => Promise<Nodes>,
): void {
  const stack = new AsyncDisposableStack();
  const database = stack.use(new ScratchDatabase());
  let proxy: TcpProxy;
  let opened: Nodes;
  let id: RecruiterId;

  beforeAll(async () => {
    proxy = stack.use(await TcpProxy.startBefore(database.url));
    opened = await nodes(database, proxy.through(database.url), stack);
    (await opened.reader.migrate())._unsafeUnwrap();
    ({ id } = (await seedBoard(opened.reader))._unsafeUnwrap().recruiter);
  });

  afterAll(() => stack.disposeAsync());

  const versionStored = async (): Promise<number> => {
    const [row] = await database.rows<{ version: number }>(
      'select version from $schema.recruiter where id = $1',
      [id],
    );
    return row?.version ?? 0;
  };

  /** `undefined` where the way that breaks is the reader's too. */
  const versionRead = async (): Promise<number | undefined> =>
    (await opened.reader.read.recruiters.get(id)).map(({ version }) => version).unwrapOr(undefined);

  /** Reads without a pause until the version has been stored for longer than a writer takes to clear the outbox. */
  const readUntil = async (version: number): Promise<void> => {
    const deadline = performance.now() + 2000;
    while (performance.now() < deadline && (await versionStored()) < version) await versionRead();
    const enough = performance.now() + 50;
    while (performance.now() < enough) await versionRead();
  };

  /** Renames, and breaks the writer's connections as soon as COMMIT was sent on the one that renames: the outbox commits too. */
  const renameWithoutAnswer = async (): Promise<string> => {
    let renames: Socket | undefined;
    proxy.onRequest((chunk, client) => {
      const sent = chunk.toString('latin1');
      if (/\bupdate "\w+"\."recruiter"/.test(sent)) renames = client;
      if (client === renames && /\bcommit\b/.test(sent)) setImmediate(() => proxy.cutClients());
    });
    const renamed = await opened.writer.transaction((uow) =>
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
    'is shown soon when PostgreSQL makes it after all, %i ms later',
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
}

describeWithServers('a commit whose answer is lost, with a cache in Redis', () => {
  itIsShownSoon(async (database, broken, stack) => {
    const cache: CacheOptions = stack.use(new ScratchPrefix()).options;
    const open = async (url: string): Promise<Slotwise> =>
      stack.use((await createSlotwise({ database: { ...database.options, url }, cache }))._unsafeUnwrap());
    return { reader: await open(database.url), writer: await open(broken) };
  });
});

describeWithPostgres('a commit whose answer is lost, with a cache in the only process', () => {
  itIsShownSoon(async (database, broken, stack) => {
    const options = { database: { ...database.options, url: broken }, cache: { l1: { maxEntries: 1000 } } };
    const only = stack.use((await createSlotwise(options))._unsafeUnwrap());
    return { reader: only, writer: only };
  });
});
