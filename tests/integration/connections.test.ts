import { afterAll, describe, expect, it } from 'vitest';
import type { EmbeddedDatabaseOptions, ServerDatabaseOptions } from '../../src/index.ts';
import { openBoard, type Opened } from '../support/open-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';

const ACQUIRE_TIMEOUT_MS = 300;
const SLACK_MS = 700;

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
    const opened = openBoard(() => ({ database, cache: false }));
    itNeedsOneConnection(opened);
    itDoesNotWaitForEver(opened, 1);
  });
});

describeWithPostgres('a pool of PostgreSQL connections', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());

  describe('of one', () => {
    const opened = openBoard(() => ({ database: { ...database.options, ...onOne }, cache: false }));
    itNeedsOneConnection(opened);
  });
});

describeWithPostgres('a full pool of PostgreSQL connections', () => {
  const database = new ScratchDatabase();
  afterAll(() => database[Symbol.asyncDispose]());
  const opened = openBoard(() => ({
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
  const opened = openBoard(() => ({ database: { ...database.options, ...onOne }, cache: scratch.options }));
  itNeedsOneConnection(opened);
});
