import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createSlotwise, describeError, isRetryable } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { describeWithPostgresServer } from '../support/services.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';

const LIFETIME_SECONDS = 120;
/** Administrators have none kept for them: the test logs in as one. */
const ROOM = { max_connections: '8', superuser_reserved_connections: '0', max_wal_senders: '0' };
const LIMIT_MS = 10_000;
const WHAT_TO_DO = /`database\.pool\.max`.* smaller than `max_connections`/;

/** Somebody else's connections, as many as the server takes. */
class Crowd implements AsyncDisposable {
  readonly #clients: Client[] = [];

  static async fill(url: string): Promise<Crowd> {
    const crowd = new Crowd();
    while (await crowd.#enter(url));
    return crowd;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #enter(url: string): Promise<boolean> {
    const client = new Client({ connectionString: url, application_name: 'crowd' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      this.#clients.push(client);
      return true;
    } catch {
      return false;
    }
  }
}

describeWithPostgresServer('a server that takes no more connections', () => {
  it('costs calls that need a new one a typed error that says what to do, until there is room', async () => {
    using unhandled = new UnhandledRejections();
    await using server = await PostgresProcess.startInstalled(LIFETIME_SECONDS, ROOM);
    await using sdk = (await createSlotwise({ database: { url: server.url }, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    await using crowd = await Crowd.fill(server.url);

    // The one connection there is does its work, and is then held, so that the next call needs another one.
    await using holder = sdk.unitOfWork();
    (await holder.slots.getForUpdate(slot.id))._unsafeUnwrap();
    for (const call of [
      () => sdk.read.candidates.get(candidate.id),
      () => sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }),
    ]) {
      const error = (await call())._unsafeUnwrapErr();
      expect(error).toMatchObject({ type: 'Database', sqlState: '53300', retryable: true });
      expect(isRetryable(error)).toBe(true);
      expect(describeError(error)).toMatch(WHAT_TO_DO);
    }
    expect((await sdk.health()).database.status).toBe('down');

    // Whoever has the connection is not concerned, and those who wait for it neither.
    (await holder.rollback())._unsafeUnwrap();
    expect((await sdk.diagnostics.poolStatus()).server).toMatchObject({
      available: true,
      ofSdk: 1,
      all: 8,
      max: 8,
    });

    await crowd.leave();
    await expect
      .poll(() => sdk.health().then(({ database }) => database.status), { timeout: LIMIT_MS })
      .toBe('up');
    const booked = await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id });
    expect(booked._unsafeUnwrap().slotId).toBe(slot.id);
    expect(unhandled.seen).toEqual([]);
  });

  it('keeps an SDK from being opened, with an error that says why, and the next attempt works', async () => {
    await using server = await PostgresProcess.startInstalled(LIFETIME_SECONDS, ROOM);
    const open = () => createSlotwise({ database: { url: server.url } });
    await using crowd = await Crowd.fill(server.url);
    const error = (await open())._unsafeUnwrapErr();
    expect(error).toMatchObject({
      type: 'DatabaseUnreachable',
      message: expect.stringMatching(WHAT_TO_DO) as string,
    });
    await crowd.leave();
    // The server needs a moment to take leave of them.
    await expect.poll(async () => (await open()).isOk(), { timeout: LIMIT_MS }).toBe(true);
  });
});
