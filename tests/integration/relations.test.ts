import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/index.ts';

describe('entities with what they refer to', () => {
  let sdk: Slotwise;
  let board: Board;
  const statements: string[] = [];

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

  it('cost three queries for a hundred slots, and none when they are read again', async () => {
    const ids = board.slots.map(({ id }) => id).toReversed();
    statements.length = 0;
    const cold = (await sdk.read.withRelations.slots(ids))._unsafeUnwrap();
    expect(statements).toHaveLength(3);
    expect(cold.map(({ slot }) => slot.id)).toEqual(ids);
    for (const { slot, recruiter, city } of cold) {
      expect(recruiter.id).toBe(slot.recruiterId);
      expect(city.id).toBe(slot.cityId);
    }
    const warm = (await sdk.read.withRelations.slots(ids))._unsafeUnwrap();
    expect(statements).toHaveLength(3);
    expect(warm).toEqual(cold);
  });

  it('leave out what does not exist and keep the order, whether entities or ids are given', async () => {
    const [first, second] = board.slots;
    const found = (
      await sdk.read.withRelations.slots([second ?? 0, 999_999, first?.id ?? 0])
    )._unsafeUnwrap();
    expect(found.map(({ slot }) => slot.id)).toEqual([second?.id, first?.id]);
    expect((await sdk.read.withRelations.slots([]))._unsafeUnwrap()).toEqual([]);
    expect((await sdk.read.withRelations.slots([0]))._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
    });
  });

  it('are recruiters with their cities, too', async () => {
    const found = (await sdk.read.withRelations.recruiters([board.recruiter]))._unsafeUnwrap();
    expect(found).toEqual([{ recruiter: board.recruiter, cities: [board.city] }]);
  });
});
