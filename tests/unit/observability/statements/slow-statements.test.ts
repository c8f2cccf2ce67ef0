import { describe, expect, it, vi } from 'vitest';
import type { SentStatement } from '../../../../src/infrastructure/observability/statements/sent-statement.ts';
import { SlowStatements } from '../../../../src/infrastructure/observability/statements/slow-statements.ts';
import { settableClock } from '../../../../src/testing/index.ts';

const clock = settableClock('2031-01-06T10:00:00Z');

const storeOf = (max = 100): SlowStatements => new SlowStatements({ slowMs: 100, max }, clock);

const sent = (given: Partial<SentStatement> = {}): SentStatement => ({
  operation: 'slots.find',
  durationMs: 150,
  failure: undefined,
  sql: () => 'select 1 from "slot" where "id" in ($1, $2)',
  ...given,
});

describe('slow statements', () => {
  it('are added up by operation and shape', () => {
    const store = storeOf();
    store.hear(sent());
    store.hear(sent({ durationMs: 300, sql: () => 'select 1 from "slot" where "id" in ($1, $2, $3)' }));
    store.hear(sent({ operation: 'slots.count' }));
    expect(store.list()).toEqual([
      {
        operation: 'slots.find',
        sql: 'select ? from "slot" where "id" in (?, …)',
        calls: 2,
        failed: 0,
        totalMs: 450,
        maxMs: 300,
        lastAt: '2031-01-06T10:00:00.000Z',
      },
      expect.objectContaining({ operation: 'slots.count', calls: 1, totalMs: 150 }),
    ]);
  });

  it('are those above the threshold, and no text is put together for others', () => {
    const store = storeOf();
    const sql = vi.fn<() => string>(() => 'select 1');
    store.hear(sent({ durationMs: 100, sql }));
    expect(store.list()).toEqual([]);
    expect(sql).not.toHaveBeenCalled();
    store.hear(sent({ durationMs: 100.1, sql }));
    expect(store.list()).toHaveLength(1);
  });

  it('are also those that ran into a limit of time below it, but not whatever else fails fast', () => {
    const store = storeOf();
    store.hear(sent({ durationMs: 50, failure: 'Timeout' }));
    store.hear(sent({ durationMs: 50, failure: 'ConstraintViolation', operation: 'slots.add' }));
    expect(store.list()).toEqual([expect.objectContaining({ operation: 'slots.find', calls: 1, failed: 1 })]);
  });

  it('make room for each other, the one first that was seen longest ago', () => {
    const store = storeOf(2);
    for (const operation of ['a', 'b', 'a', 'c']) store.hear(sent({ operation }));
    expect(store.list().map(({ operation }) => operation)).toEqual(['a', 'c']);
  });

  it('are forgotten when that is asked for', () => {
    const store = storeOf();
    store.hear(sent());
    store.reset();
    expect(store.list()).toEqual([]);
  });
});
