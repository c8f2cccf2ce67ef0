import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { createInMemorySlotwise } from '../../src/testing/index.ts';
import { migrationNames } from '../support/migration-names.ts';

it('the plan of migrations is told by the embedded database before and after', async () => {
  await using sdk = (await createSlotwise())._unsafeUnwrap();
  const before = (await sdk.migrationPlan())._unsafeUnwrap();
  expect(before.applied).toEqual([]);
  expect(before.pending.map(({ name }) => name)).toEqual(migrationNames);
  expect(before.pending.every(({ statements }) => statements.length > 0)).toBe(true);

  (await sdk.migrate())._unsafeUnwrap();
  expect((await sdk.migrationPlan())._unsafeUnwrap()).toEqual({
    applied: migrationNames,
    preparation: [],
    pending: [],
  });
});

it('there is nothing to plan in memory, and nothing to inspect without Redis', async () => {
  await using sdk = createInMemorySlotwise();
  expect((await sdk.migrationPlan())._unsafeUnwrap()).toEqual({ applied: [], preparation: [], pending: [] });
  expect((await sdk.outbox.backlog())._unsafeUnwrap()).toEqual({ waiting: 0, oldestMs: 0, dead: 0 });
  for (const answer of [await sdk.cache.contents(), await sdk.cache.slowLog(), await sdk.cache.usage()])
    expect(answer._unsafeUnwrapErr().type).toBe('CacheUnavailable');
});
