import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSlotwise,
  err,
  ok,
  type City,
  type Result,
  type Slotwise,
  type UnitOfWork,
} from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { rename } from '../support/traffic.ts';

const STORM_MS = 4000;

/** Everybody waits until all have come; only the first time, so that a retry goes through. */
function meetingPoint(parties: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    come += 1;
    if (come === parties) open();
    return all;
  };
}

describeWithPostgres('transactions that get in each other’s way', () => {
  const database = new ScratchDatabase();
  let sdk: Slotwise;
  let board: Board;

  beforeAll(async () => {
    sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    board = (await seedBoard(sdk, { recruiters: 3, slotsPerRecruiter: 2, candidates: 8 }))._unsafeUnwrap();
  });

  afterAll(async () => {
    await sdk?.close().unwrapOr(undefined);
    await database[Symbol.asyncDispose]();
  });

  const [AB, BA] = [
    [0, 1],
    [1, 0],
  ] as const;

  it('are tried again after a deadlock, and nobody outside sees it', async () => {
    const met = meetingPoint(2);
    let attempts = 0;
    const lockBoth = ([first, second]: readonly [number, number]) =>
      sdk.transaction(async (uow) => {
        attempts += 1;
        const one = await uow.slots.getForUpdate(board.slots[first]?.id ?? 0);
        if (one.isErr()) return err(one.error);
        await met();
        return uow.slots.getForUpdate(board.slots[second]?.id ?? 0);
      });
    const [forth, back] = await Promise.all([lockBoth(AB), lockBoth(BA)]);
    expect([forth.isOk(), back.isOk()]).toEqual([true, true]);
    expect(attempts).toBeGreaterThanOrEqual(3);
  });

  it('are tried again after a serialization failure, with what the other one wrote', async () => {
    const [, other] = board.recruiters;
    const id = other?.id ?? 0;
    let attempts = 0;
    const changed = await sdk.transaction(
      async (uow) => {
        attempts += 1;
        const seen = await uow.recruiters.get(id);
        if (seen.isErr()) return err(seen.error);
        if (attempts === 1) await rename(sdk, seen.value.id, 'Changed meanwhile');
        return seen.value
          .changeTimeZone('Asia/Tokyo')
          .asyncAndThen((recruiter) => uow.recruiters.update(recruiter));
      },
      { isolation: 'repeatable read' },
    );
    expect(changed._unsafeUnwrap()).toMatchObject({ name: 'Changed meanwhile', timeZone: 'Asia/Tokyo' });
    expect(attempts).toBe(2);
  });

  it('give up after three attempts with an error that says it may be tried again', async () => {
    let attempts = 0;
    const failed = await sdk.transaction(
      async (uow): Promise<Result<City, { readonly type: string }>> => {
        attempts += 1;
        const seen = await uow.cities.get(board.city.id);
        if (seen.isErr()) return err(seen.error);
        await database.rows('update $schema.city set version = version + 1');
        return seen.value.rename(`City ${attempts}`).asyncAndThen((city) => uow.cities.update(city));
      },
      { isolation: 'repeatable read' },
    );
    expect(failed._unsafeUnwrapErr()).toMatchObject({ type: 'Database', sqlState: '40001', retryable: true });
    expect(attempts).toBe(3);
  });

  it.each(['repeatable read', 'serializable'] as const)(
    'do not change what a %s unit of work sees, from its first read on',
    async (isolation) => {
      const uow = sdk.unitOfWork({ isolation });
      const first = (await uow.recruiters.get(board.recruiter.id))._unsafeUnwrap();
      await rename(sdk, first.id, `Renamed beside ${isolation}`);
      const second = (await uow.recruiters.get(first.id))._unsafeUnwrap();
      (await uow.rollback())._unsafeUnwrap();
      expect(second).toEqual(first);
    },
  );

  describe('through the use cases', () => {
    it('lock in one order: no deadlock, also where nothing is tried again', { timeout: 30_000 }, async () => {
      const { slots, candidates, recruiters } = board;
      const until = performance.now() + STORM_MS;
      const seen = new Map<string, number>();
      const oneOf = <T>(choices: readonly T[]): T =>
        choices[Math.floor(Math.random() * choices.length)] ?? never();

      const step = async (uow: UnitOfWork) => {
        const slot = oneOf(slots);
        const candidate = oneOf(candidates);
        const reserved = await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, { uow });
        const { currentBookingId } = (await uow.slots.get(slot.id))._unsafeUnwrap();
        if (reserved.isErr() || Math.random() < 0.3 || currentBookingId === undefined) return reserved;
        const recruiter = recruiters.find(({ id }) => id === slot.recruiterId);
        const command = { bookingId: currentBookingId, actor: { kind: 'admin' }, reason: 'storm' } as const;
        if (recruiter === undefined || Math.random() < 0.5) return sdk.booking.reject(command, { uow });
        const approved = await sdk.booking.approve(command, { uow });
        return approved.isErr() ? approved : sdk.booking.cancel(command, { uow });
      };
      /** What others have left occupied is freed, so that the storm goes on. */
      const clear = async (uow: UnitOfWork) => {
        const slot = (await uow.slots.get(oneOf(slots).id))._unsafeUnwrap();
        if (slot.currentBookingId === undefined) return ok();
        const command = {
          bookingId: slot.currentBookingId,
          actor: { kind: 'admin' },
          reason: 'storm',
        } as const;
        return slot.status === 'pending'
          ? sdk.booking.reject(command, { uow })
          : sdk.booking.cancel(command, { uow });
      };
      const rage = async (): Promise<void> => {
        while (performance.now() < until) {
          // A unit of work of one's own is never tried again, so that what goes wrong is seen here.
          await using uow = sdk.unitOfWork();
          const outcome = await (Math.random() < 0.6 ? step(uow) : clear(uow));
          const committed = outcome.isErr() ? outcome : await uow.commit();
          const result = committed.isOk() ? 'ok' : nameOf(committed.error);
          seen.set(result, (seen.get(result) ?? 0) + 1);
        }
      };
      await Promise.all(Array.from({ length: 12 }, rage));
      console.log('contention, outcomes of joined use cases:', Object.fromEntries(seen));
      expect(seen.get('ok')).toBeGreaterThan(100);
      expect(
        [...seen.keys()].filter((result) => /Database|Timeout|Constraint|Unexpected/.test(result)),
      ).toEqual([]);
    });
  });
});

const never = (): never => {
  throw new Error('nothing to choose from');
};

const nameOf = (error: { readonly type: string }): string =>
  'sqlState' in error ? `${error.type} ${String(error.sqlState)}` : error.type;
