import { err, ok, okAsync } from 'neverthrow';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Slotwise, UnitOfWork } from '../../../src/index.ts';
import { createInMemorySlotwise, seedBoard, seedCandidate, type Board } from '../../../src/testing/index.ts';

const no = () => err('no');

describe('entries of the host in an in-memory SDK', () => {
  let sdk: Slotwise;
  let board: Board;

  beforeEach(async () => {
    sdk = createInMemorySlotwise();
    board = (await seedBoard(sdk))._unsafeUnwrap();
  });

  /** Stores an entry for each of these anchors; the function it answers tells which of them are still there. */
  async function watch(...anchors: readonly string[]): Promise<() => Promise<readonly string[]>> {
    for (const anchor of anchors)
      (await sdk.cache.set(`of:${anchor}`, 1, { anchors: [anchor] }))._unsafeUnwrap();
    return async () => {
      const left: string[] = [];
      for (const anchor of anchors)
        if ((await sdk.cache.exists(`of:${anchor}`, { anchors: [anchor] }))._unsafeUnwrap())
          left.push(anchor);
      return left;
    };
  }

  const rename = (uow: UnitOfWork) =>
    board.recruiter.rename('Another name').asyncAndThen((renamed) => uow.recruiters.update(renamed));

  it('are dropped by a commit that changes what they depend on, and the others stay', async () => {
    const others = ['recruiter:999', `city:${board.city.id}`, 'slots:free:recruiter:999', 'tariff:1'];
    const left = await watch(`recruiter:${board.recruiter.id}`, 'recruiters:active', ...others);
    (await sdk.cache.set('note:1', 'depends on nothing'))._unsafeUnwrap();
    const { bumps } = sdk.cache.stats();
    (await sdk.transaction(rename))._unsafeUnwrap();
    expect(await left()).toEqual(others);
    expect((await sdk.cache.exists('note:1'))._unsafeUnwrap()).toBe(true);
    expect(sdk.cache.stats().bumps).toBeGreaterThan(bumps);
  });

  it('are dropped by what a row was as by what it has become', async () => {
    const candidate = (await seedCandidate(sdk, { telegramId: 1001 }))._unsafeUnwrap();
    const left = await watch('candidate:telegram:1001', 'candidate:telegram:1002', 'candidate:telegram:1003');
    const linked = candidate.linkTelegram(1002)._unsafeUnwrap();
    (await sdk.transaction((uow) => uow.candidates.update(linked)))._unsafeUnwrap();
    expect(await left()).toEqual(['candidate:telegram:1003']);
  });

  it('about free slots are dropped when whoever offers them is archived, and not when they are renamed', async () => {
    const offers = ['slots:free:recruiter:999', 'slots:free:city:999', 'slot:999'];
    const left = await watch(...offers);
    const renamed = (await sdk.transaction(rename))._unsafeUnwrap();
    expect(await left()).toEqual(offers);
    (await sdk.transaction((uow) => uow.recruiters.update(renamed.archive())))._unsafeUnwrap();
    expect(await left()).toEqual([]);
  });

  it('are dropped by a new row, by one that is deleted, and by a use case', async () => {
    const { slot, city, candidate } = board;
    const list = `slots:free:city:${city.id}`;
    const own = `slot:${slot.id}`;
    let left = await watch('cities:active', 'candidate:999', list, own);
    (await sdk.transaction((uow) => uow.cities.add({ name: 'Riga', timeZone: 'UTC' })))._unsafeUnwrap();
    expect(await left()).toEqual(['candidate:999', list, own]);
    (await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
    expect(await left()).toEqual(['candidate:999']);

    const added = (await seedCandidate(sdk))._unsafeUnwrap();
    left = await watch(`candidate:${added.id}`, `candidate:${candidate.id}`);
    (await sdk.transaction((uow) => uow.candidates.delete(added.id)))._unsafeUnwrap();
    expect(await left()).toEqual([`candidate:${candidate.id}`]);
  });

  it('stay after a rollback, whatever was written and named before', async () => {
    const anchors = [`recruiter:${board.recruiter.id}`, 'tariff:1'];
    const left = await watch(...anchors);
    const { bumps } = sdk.cache.stats();
    const undone = await sdk.transaction((uow) => {
      uow.invalidate('tariff:1');
      return rename(uow).andThen(() => err('changed my mind'));
    });
    expect(undone._unsafeUnwrapErr()).toBe('changed my mind');
    const refused = await sdk.transaction((uow) => {
      uow.invalidate('tariff:1');
      // What makes PostgreSQL refuse everything that follows makes the commit fail here too.
      return rename(uow)
        .andThen(() => uow.cities.add({ name: board.city.name, timeZone: 'UTC' }))
        .orElse(() => okAsync(undefined));
    });
    expect(refused._unsafeUnwrapErr()).toMatchObject({ state: 'rollback-only' });
    expect(await left()).toEqual(anchors);
    expect(sdk.cache.stats().bumps).toBe(bumps);
  });

  it('are not dropped for a savepoint that was rolled back inside what is committed', async () => {
    const undone = [`recruiter:${board.recruiter.id}`, 'tariff:undone'];
    const left = await watch(...undone, 'cities:active', 'tariff:before', 'tariff:kept');
    const uow = sdk.unitOfWork();
    uow.invalidate('tariff:before');
    const savepoint = await uow.savepoint((inner) => {
      inner.invalidate('tariff:undone');
      return rename(inner).andThen(no);
    });
    expect(savepoint._unsafeUnwrapErr()).toBe('no');
    const kept = await uow.savepoint((inner) => {
      inner.invalidate('tariff:kept');
      return inner.cities.add({ name: 'Riga', timeZone: 'UTC' });
    });
    expect(kept.isOk()).toBe(true);
    expect(await left()).toHaveLength(5);
    (await uow.commit())._unsafeUnwrap();
    expect(await left()).toEqual(undone);
  });

  it('are dropped by what was named, also when nothing was written, before anything else follows the commit', async () => {
    const left = await watch('tariff:1', 'tariff:2');
    const uow = sdk.unitOfWork();
    let seen: readonly string[] = [];
    uow.afterCommit(async () => {
      seen = await left();
    });
    uow.invalidate('tariff:1');
    expect(await left()).toHaveLength(2);
    expect((await uow.commit())._unsafeUnwrap()).toEqual({ invalidation: 'applied' });
    expect(seen).toEqual(['tariff:2']);
  });

  it('are answered inside a unit of work until that has changed what they depend on', async () => {
    const anchors = [`recruiter:${board.recruiter.id}`];
    (await sdk.cache.set('card:1', 'stored', { anchors }))._unsafeUnwrap();
    const uow = sdk.unitOfWork();
    const read = async () =>
      (await sdk.cache.getOrLoad('card:1', () => okAsync('loaded'), { anchors, uow }))._unsafeUnwrap();
    expect(await read()).toBe('stored');
    (await uow.savepoint((inner) => rename(inner).andThen(no)))._unsafeUnwrapErr();
    expect(await read()).toBe('stored');
    (await rename(uow))._unsafeUnwrap();
    expect(await read()).toBe('loaded');
    // Nobody else sees what is not committed.
    expect((await sdk.cache.get('card:1', { anchors }))._unsafeUnwrap()).toBe('stored');
    (await uow.commit())._unsafeUnwrap();
    expect((await sdk.cache.get('card:1', { anchors }))._unsafeUnwrap()).toBeUndefined();
    // A unit of work that has ended sees no cache any more.
    (await sdk.cache.set('card:1', 'stored anew', { anchors }))._unsafeUnwrap();
    expect(await read()).toBe('loaded');
  });

  it('are left alone by a unit of work of one snapshot', async () => {
    (await sdk.cache.set('card:1', 'stored'))._unsafeUnwrap();
    await using uow = sdk.unitOfWork({ isolation: 'repeatable read' });
    const read = sdk.cache.getOrLoad('card:1', () => Promise.resolve(ok('loaded')), { uow });
    expect((await read)._unsafeUnwrap()).toBe('loaded');
  });
});
