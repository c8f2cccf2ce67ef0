import { errAsync } from 'neverthrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type UnitOfWorkEvent } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithServers, redisUrl } from '../support/services.ts';

describeWithServers('metrics on PostgreSQL and Redis', () => {
  const stack = new AsyncDisposableStack();
  const ended: UnitOfWorkEvent[] = [];
  let sdk: Slotwise;
  let board: Board;

  beforeAll(async () => {
    const database = stack.use(new ScratchDatabase());
    sdk = stack.use(
      (
        await createSlotwise({
          database: database.options,
          cache: { url: redisUrl(), prefix: database.schema },
          instrumentation: { unitOfWork: (event) => ended.push(event) },
        })
      )._unsafeUnwrap(),
    );
    (await sdk.migrate())._unsafeUnwrap();
    board = (await seedBoard(sdk))._unsafeUnwrap();
  });

  afterAll(() => stack.disposeAsync());

  it('count reads where they are answered', async () => {
    sdk.metrics.reset();
    const { id } = board.recruiter;
    for (let read = 0; read < 5; read += 1) (await sdk.read.recruiters.get(id))._unsafeUnwrap();
    const { cache, database } = sdk.metrics.summary();
    const recruiter = cache.byQuery['recruiter'];
    expect(recruiter?.database).toBe(1);
    expect((recruiter?.l1 ?? 0) + (recruiter?.l2 ?? 0)).toBe(4);
    expect(cache).toMatchObject({ reads: 5, hitRate: 0.8 });
    expect(cache.loads.byName['recruiter']).toMatchObject({ count: 1, failed: 0 });
    expect(database.statements.byName['recruiters.find']?.count).toBe(1);
    expect(database.transactions).toEqual({ committed: 0, rolledBack: 0, failed: 0 });
  });

  it('count transactions, invalidations and commands, beside the instrumentation of the host', async () => {
    sdk.metrics.reset();
    ended.length = 0;
    const { slot, candidate } = board;
    // The second one finds what the first one did, and has nothing to tell the cache.
    for (let call = 0; call < 2; call += 1)
      (await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
    (
      await sdk.transaction((uow) =>
        uow.slots.getForUpdate(slot.id).andThen(() => errAsync('changed my mind')),
      )
    )._unsafeUnwrapErr();
    const { cache, database, useCases } = sdk.metrics.summary();
    expect(useCases.byName['booking.reserve']?.count).toBe(2);
    expect(database.transactions).toEqual({ committed: 2, rolledBack: 1, failed: 0 });
    expect(cache.invalidations.byName['applied']?.count).toBe(1);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['committed', 'committed', 'rolled-back']);
    expect(database.unitsOfWork.all.count).toBe(ended.length);
    expect(database.pool).toMatchObject({ max: 20, waiting: 0 });
    expect(database.pool?.open).toBeGreaterThanOrEqual(1);
  });
});
