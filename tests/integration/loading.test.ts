import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type UnitOfWork } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/index.ts';

describe('entities loaded one at a time in a unit of work', () => {
  let sdk: Slotwise;
  let board: Board;
  const statements: string[] = [];
  const uncached = { readOnly: true, isolation: 'repeatable read' } as const;
  const loadAll = async ({ load }: UnitOfWork): Promise<readonly string[]> =>
    Promise.all(
      board.slots.map(async ({ id }) => {
        const slot = (await load.slots.load(id))._unsafeUnwrap();
        const [recruiter, city] = await Promise.all([
          load.recruiters.load(slot?.recruiterId ?? 0),
          load.cities.load(slot?.cityId ?? 0),
        ]);
        return `${recruiter._unsafeUnwrap()?.name} in ${city._unsafeUnwrap()?.name}`;
      }),
    );

  beforeAll(async () => {
    sdk = (
      await createSlotwise({ instrumentation: { statement: ({ operation }) => statements.push(operation) } })
    )._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    board = (await seedBoard(sdk, { recruiters: 10, slotsPerRecruiter: 10 }))._unsafeUnwrap();
  }, 60_000);

  afterAll(async () => {
    await sdk.close().unwrapOr(undefined);
  });

  it('cost one query for each kind, and none the second time', async () => {
    await using uow = sdk.unitOfWork(uncached);
    statements.length = 0;
    const names = await loadAll(uow);
    expect(statements.toSorted()).toEqual(['cities.getMany', 'recruiters.getMany', 'slots.getMany']);
    expect(names[0]).toBe(`${board.recruiter.name} in ${board.city.name}`);
    expect(await loadAll(uow)).toEqual(names);
    expect(statements).toHaveLength(3);
  });

  it('never fill a cache with what is only remembered', async () => {
    const { city } = board;
    await using uow = sdk.unitOfWork();
    (await uow.load.cities.load(city.id))._unsafeUnwrap();
    const renamed = city.rename('Renamed')._unsafeUnwrap();
    (await sdk.transaction((other) => other.cities.update(renamed)))._unsafeUnwrap();
    expect((await uow.load.cities.load(city.id))._unsafeUnwrap()?.name).toBe(city.name);
    expect((await uow.cities.get(city.id))._unsafeUnwrap().name).toBe('Renamed');
    expect((await sdk.read.cities.get(city.id))._unsafeUnwrap().name).toBe('Renamed');
  });
});
