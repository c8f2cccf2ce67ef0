import { describe, expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { queryNames } from '../../src/infrastructure/persistence/explain/explain-query.ts';
import { createInMemorySlotwise } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

async function migrated(stack: AsyncDisposableStack, options: SlotwiseOptions): Promise<Slotwise> {
  const sdk = stack.use((await createSlotwise({ cache: false, ...options }))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
}

describe('explaining on an embedded database', () => {
  it('works for every named query, with and without running it, also on empty tables', async () => {
    await using stack = new AsyncDisposableStack();
    const sdk = await migrated(stack, {});
    for (const name of sdk.diagnostics.namedQueries)
      for (const analyze of [false, true]) {
        const { plan, sql } = (await sdk.diagnostics.explain(name, { analyze }))._unsafeUnwrap();
        expect(plan.kind).not.toBe('');
        expect('actualRows' in plan).toBe(analyze);
        expect(sql).toMatch(/^(select|with) .*"slotwise"\./);
      }
  });

  it('names each query by its repository method', async () => {
    await using stack = new AsyncDisposableStack();
    const sdk = await migrated(stack, {});
    expect(sdk.diagnostics.namedQueries).toEqual(queryNames);
    const operations = await Promise.all(
      queryNames.map(async (name) => (await sdk.diagnostics.explain(name))._unsafeUnwrap().operation),
    );
    // All lists of a repository are one operation.
    const listed = (name: string): string => name.replace(/\.(search|list\w*)$/, '.list');
    expect(operations.map(listed)).toEqual(queryNames.map(listed));
  });
});

describe('explaining in memory', () => {
  it('knows no query', async () => {
    await using sdk = createInMemorySlotwise();
    expect(sdk.diagnostics.namedQueries).toEqual([]);
    expect((await sdk.diagnostics.explain('slots.find'))._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
    });
    expect((await sdk.diagnostics.recommendations())._unsafeUnwrap()).toEqual([]);
  });
});

describeWithPostgres('explaining on a server', () => {
  it('runs a query under the limit of time that statements have, and gives its connection back', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    await migrated(stack, { database: database.options });
    const limits = { statementTimeoutMs: 200, pool: { max: 1 } };
    const sdk = await migrated(stack, { database: { ...database.options, ...limits } });
    await database.during(async (run) => {
      await run('lock table $schema.waitlist_entry');
      const explained = await sdk.diagnostics.explain('waitlist.findNextFor', { analyze: true });
      expect(explained._unsafeUnwrapErr()).toMatchObject({ type: 'Timeout', waitedFor: 'statement' });
    });
    expect((await sdk.diagnostics.explain('waitlist.findNextFor')).isOk()).toBe(true);
  });

  it('answers a typed error for tables that are not there yet', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    expect((await sdk.diagnostics.explain('slots.find'))._unsafeUnwrapErr()).toMatchObject({
      type: 'Database',
      sqlState: '42P01',
    });
  });

  it.each(['slots.getFree', '', 'toString', 5])('takes no %j for a name', async (name) => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    expect((await sdk.diagnostics.explain(name as string))._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field: 'name',
      message: expect.stringContaining('slots.getFreeForCity') as string,
    });
  });
});
